package io.collapsewatch.dashboard.feed;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Settings of the Kafka clients: ours, over them the user's, over those what must not change. */
final class Consumers {

  private static final Map<String, Object> PREFERRED =
      Map.of(ConsumerConfig.CLIENT_ID_CONFIG, "collapsewatch-dashboard");

  /** "Neither missing nor twice" rests on these: where to read is in the history alone. */
  private static final Map<String, Object> REQUIRED =
      Map.of(
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          "read_committed",
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          false,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          "none",
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          false,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ByteArrayDeserializer.class,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ByteArrayDeserializer.class);

  private Consumers() {}

  static Map<String, Object> consumer(String servers, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(PREFERRED);
    settings.putAll(overrides);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    settings.putAll(REQUIRED);
    return settings;
  }

  /** The same way to the broker, without what only a consumer understands. */
  static Map<String, Object> admin(String servers, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(PREFERRED);
    settings.putAll(overrides);
    settings
        .keySet()
        .removeIf(
            name ->
                ConsumerConfig.configNames().contains(name)
                    && !AdminClientConfig.configNames().contains(name));
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    return settings;
  }
}
