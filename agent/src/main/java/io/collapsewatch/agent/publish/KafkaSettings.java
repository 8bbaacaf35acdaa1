package io.collapsewatch.agent.publish;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Settings of the Kafka clients: ours, over them the user's, over those what must not change. */
final class KafkaSettings {

  /** What waits for a broker restart is retried as long; meanwhile the sink's buffer fills. */
  private static final int DELIVERY_MILLIS = 10 * 60 * 1000;

  /** Many captures in a request, as there is one at a time. */
  private static final int BATCH_BYTES = 256 << 10;

  private static final Map<String, Object> PREFERRED =
      Map.of(
          ProducerConfig.CLIENT_ID_CONFIG,
          "collapsewatch-agent",
          ProducerConfig.LINGER_MS_CONFIG,
          5,
          ProducerConfig.BUFFER_MEMORY_CONFIG,
          8L << 20,
          ProducerConfig.BATCH_SIZE_CONFIG,
          BATCH_BYTES,
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          DELIVERY_MILLIS,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          DELIVERY_MILLIS);

  /**
   * The order of captures and "neither lost nor doubled" rest on these. Of several requests under
   * way the first may be refused for a moment, as by a partition that is just being made, and the
   * second taken: a broker that knows nothing of a producer yet takes any number as its first. From
   * then on it refuses the first one for ever. So there is one request at a time.
   */
  private static final Map<String, Object> REQUIRED =
      Map.of(
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          true,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          1,
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          StringSerializer.class,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class);

  private KafkaSettings() {}

  static Map<String, Object> producer(String servers, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(PREFERRED);
    settings.putAll(overrides);
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    settings.putAll(REQUIRED);
    return settings;
  }

  /** The same way to the broker, without what only a producer understands. */
  static Map<String, Object> admin(String servers, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(overrides);
    settings
        .keySet()
        .removeIf(
            name ->
                ProducerConfig.configNames().contains(name)
                    && !AdminClientConfig.configNames().contains(name));
    settings.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, "collapsewatch-agent");
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    return settings;
  }
}
