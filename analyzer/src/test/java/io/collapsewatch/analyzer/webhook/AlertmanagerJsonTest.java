package io.collapsewatch.analyzer.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.protocol.Alert;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held against what Alertmanager sent for the same alerts. */
class AlertmanagerJsonTest {

  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {"https://dashboard.example.org/watch", "https://dashboard.example.org/watch/"})
  void saysOfAFiringAlertWhatAlertmanagerSays(String dashboard) throws IOException {
    assertThat(message(GivenAlerts.firing(), Optional.of(URI.create(dashboard))))
        .isEqualTo(recorded("firing.json"));
  }

  @Test
  void saysOfAResolvedAlertWhatAlertmanagerSays() throws IOException {
    URI dashboard = URI.create("https://dashboard.example.org/watch");
    assertThat(message(GivenAlerts.resolved(), Optional.of(dashboard)))
        .isEqualTo(recorded("resolved.json"));
  }

  @Test
  void withoutADashboardThereAreNoLinks() throws IOException {
    JsonNode message = message(GivenAlerts.firing(), Optional.empty());

    assertThat(message.required("externalURL").textValue()).isEmpty();
    assertThat(message.at("/alerts/0/generatorURL").textValue()).isEmpty();
  }

  private static JsonNode message(Alert alert, Optional<URI> dashboard) throws IOException {
    return JSON.readTree(AlertmanagerJson.encode(alert, dashboard));
  }

  private static JsonNode recorded(String file) throws IOException {
    try (InputStream json =
        AlertmanagerJsonTest.class.getResourceAsStream("/alertmanager/" + file)) {
      return JSON.readTree(json);
    }
  }
}
