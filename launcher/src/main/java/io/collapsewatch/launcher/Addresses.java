package io.collapsewatch.launcher;

import io.collapsewatch.launcher.pipeline.LocalPipeline;

/** Where a pipeline in this process is reached, for people. */
final class Addresses {

  private Addresses() {}

  static String of(LocalPipeline pipeline) {
    return "CollapseWatch is up: dashboard at %s, captures at http://127.0.0.1:%d/v1/capture, Kafka at %s"
        .formatted(dashboard(pipeline), pipeline.agent().port(), pipeline.bootstrapServers());
  }

  static String dashboard(LocalPipeline pipeline) {
    return "http://127.0.0.1:%d/".formatted(pipeline.dashboard().port());
  }
}
