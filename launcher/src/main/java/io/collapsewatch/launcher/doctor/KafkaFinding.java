package io.collapsewatch.launcher.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.collapsewatch.launcher.broker.TopicSetup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * What Kafka says of itself.
 *
 * @param bootstrapServers where it was asked
 * @param reachable whether it answered
 * @param clusterId its id
 * @param nodes how many brokers it has
 * @param version of its metadata, which begins with that of the oldest broker allowed
 * @param topics partitions of the topics of ours that are there
 * @param missing the topics of ours that are not
 * @param problem why it did not answer
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record KafkaFinding(
    String bootstrapServers,
    boolean reachable,
    Optional<String> clusterId,
    int nodes,
    Optional<String> version,
    Map<String, Integer> topics,
    List<String> missing,
    Optional<String> problem) {

  private static final int PATIENCE_MS = 3000;

  static KafkaFinding of(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("request.timeout.ms", PATIENCE_MS);
    settings.put("default.api.timeout.ms", PATIENCE_MS);
    String servers = String.valueOf(kafka.get("bootstrap.servers"));
    try (Admin admin = Admin.create(settings)) {
      return ask(admin, servers);
    } catch (KafkaException e) {
      return absent(servers, e.getCause() == null ? e : e.getCause());
    } catch (ExecutionException e) {
      return absent(servers, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return absent(servers, e);
    }
  }

  /** Whether everything that agent and analyzer need is there. */
  boolean complete() {
    return reachable && missing.isEmpty();
  }

  List<String> sentences() {
    if (!reachable) {
      return List.of(
          "Kafka is not reachable at %s (%s)".formatted(bootstrapServers, problem.orElse("")));
    }
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "Kafka %s is reachable at %s: cluster %s, %d node%s"
            .formatted(
                version.orElse("of unknown version"),
                bootstrapServers,
                clusterId.orElse("without an id"),
                nodes,
                nodes == 1 ? "" : "s"));
    topics.forEach(
        (topic, n) ->
            sentences.add("topic %s: %d partition%s".formatted(topic, n, n == 1 ? "" : "s")));
    missing.forEach(topic -> sentences.add("topic %s is missing".formatted(topic)));
    return sentences;
  }

  private static KafkaFinding ask(Admin admin, String servers)
      throws ExecutionException, InterruptedException {
    DescribeClusterResult cluster = admin.describeCluster();
    int nodes = cluster.nodes().get().size();
    Set<String> names = admin.listTopics().names().get();
    List<String> present = TopicSetup.NAMES.stream().filter(names::contains).toList();
    Map<String, Integer> topics = new TreeMap<>();
    admin
        .describeTopics(present)
        .allTopicNames()
        .get()
        .forEach((name, topic) -> topics.put(name, topic.partitions().size()));
    return new KafkaFinding(
        servers,
        true,
        Optional.ofNullable(cluster.clusterId().get()),
        nodes,
        version(admin.describeFeatures().featureMetadata().get().finalizedFeatures()),
        topics,
        TopicSetup.NAMES.stream().filter(name -> !names.contains(name)).toList(),
        Optional.empty());
  }

  private static Optional<String> version(Map<String, FinalizedVersionRange> features) {
    FinalizedVersionRange level = features.get(MetadataVersion.FEATURE_NAME);
    return level == null
        ? Optional.empty()
        : Optional.of(MetadataVersion.fromFeatureLevel(level.maxVersionLevel()).version());
  }

  private static KafkaFinding absent(String servers, Throwable why) {
    boolean late = why instanceof TimeoutException;
    return new KafkaFinding(
        servers,
        false,
        Optional.empty(),
        0,
        Optional.empty(),
        Map.of(),
        List.of(),
        Optional.of(late ? "no answer within 3 s" : String.valueOf(why.getMessage())));
  }
}
