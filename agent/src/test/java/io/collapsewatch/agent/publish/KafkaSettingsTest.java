package io.collapsewatch.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {

  @Test
  void theUsersSettingsGoOverOurs() {
    Map<String, Object> settings =
        KafkaSettings.producer("k:9092", Map.of("linger.ms", 50, "security.protocol", "SSL"));
    assertThat(settings)
        .containsEntry("linger.ms", 50)
        .containsEntry("security.protocol", "SSL")
        .containsEntry("bootstrap.servers", "k:9092")
        .containsEntry("delivery.timeout.ms", 600_000);
  }

  @Test
  void whatDeliveryRestsOnStays() {
    Map<String, Object> settings =
        KafkaSettings.producer(
            "k:9092",
            Map.of(
                "acks", "0",
                "enable.idempotence", "false",
                "max.in.flight.requests.per.connection", "5",
                "value.serializer", "other"));
    assertThat(settings)
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("max.in.flight.requests.per.connection", 1)
        .containsEntry("value.serializer", ByteArraySerializer.class);
  }

  @Test
  void theProbeGoesTheSameWayWithoutWhatIsOnlyForProducers() {
    Map<String, Object> settings =
        KafkaSettings.admin("k:9092", Map.of("security.protocol", "SSL", "linger.ms", 50));
    assertThat(settings).containsEntry("security.protocol", "SSL").doesNotContainKey("linger.ms");
  }
}
