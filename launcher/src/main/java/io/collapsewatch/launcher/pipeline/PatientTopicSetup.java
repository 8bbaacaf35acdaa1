package io.collapsewatch.launcher.pipeline;

import io.collapsewatch.launcher.broker.TopicSetup;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.RetriableException;

/** Creates the topics on a Kafka that may not be reachable yet. */
public final class PatientTopicSetup {

  private static final Duration ATTEMPT = Duration.ofSeconds(5);

  private PatientTopicSetup() {}

  /**
   * Returns when the topics are there, however long Kafka is away.
   *
   * @param away takes a sentence, once, if it is
   * @param kafka properties of the client, among them {@code bootstrap.servers}
   * @throws io.collapsewatch.launcher.broker.RefusedStartException if a topic has another number of
   *     partitions than configured
   * @throws ExecutionException if Kafka refuses for a reason that waiting does not mend
   * @throws InterruptedException if the thread is told to stop
   */
  public static void ensure(Map<String, Object> kafka, TopicSetup topics, Consumer<String> away)
      throws ExecutionException, InterruptedException {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ATTEMPT.toMillis());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ATTEMPT.toMillis());
    boolean said = false;
    try (Admin admin = Admin.create(settings)) {
      while (!tried(admin, topics)) {
        if (!said) {
          away.accept(
              "Kafka is not reachable at %s; trying again"
                  .formatted(kafka.get("bootstrap.servers")));
          said = true;
        }
      }
    }
  }

  private static boolean tried(Admin admin, TopicSetup topics)
      throws ExecutionException, InterruptedException {
    try {
      topics.ensure(admin);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException) {
        return false;
      }
      throw e;
    }
  }
}
