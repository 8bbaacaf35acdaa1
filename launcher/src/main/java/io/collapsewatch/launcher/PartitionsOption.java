package io.collapsewatch.launcher;

import io.collapsewatch.launcher.broker.TopicSetup;
import picocli.CommandLine.Option;

/** Into how many partitions runs are spread. */
final class PartitionsOption {

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description =
          "Partitions of the topics: the most analyzer threads that can share the work. Topics that"
              + " have another number are refused, as it would move runs (default: as they are, 12"
              + " for new ones).")
  private Integer partitions;

  TopicSetup topics() {
    return partitions == null ? TopicSetup.CLUSTER : TopicSetup.cluster(partitions);
  }
}
