package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.dashboard.feed.Intake;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardConfigTest {

  @TempDir private Path folder;

  @Test
  void secretsDoNotShow() {
    DashboardConfig config =
        DashboardConfig.of("kafka:9092", Path.of("h.db"))
            .withConsumerOverrides(Map.of("sasl.jaas.config", "s3cret"));
    assertThat(config.toString())
        .isEqualTo(
            "DashboardConfig[bootstrapServers=kafka:9092, history=h.db, door=Door[host=127.0.0.1, port=7070, token=none, names=[]], keep=Optional.empty, consumerOverrides=[sasl.jaas.config]]");
  }

  @Test
  void reportsAreKeptForAnHourAtLeast() {
    DashboardConfig config = DashboardConfig.of("kafka:9092", Path.of("h.db"));
    assertThatThrownBy(() -> config.withKeep(Optional.of(Duration.ofMinutes(59))))
        .hasMessage("reports are to be kept for PT59M; expected an hour at least");
  }

  /** The report is of September 2026, and the clock of this machine is later. */
  @Test
  void whatIsTooOldIsDeletedOnceItRuns() {
    List<Intake> intakes = new ArrayList<>();
    DashboardConfig config =
        DashboardConfig.of("none:1", folder.resolve("history.db"))
            .withDoor(Door.loopback(0))
            .withKeep(Optional.of(Duration.ofHours(1)));
    try (Dashboard dashboard =
        Dashboard.create(
            config,
            List::of,
            intake -> {
              intakes.add(intake);
              return new Fed(intake);
            })) {
      new Fed(intakes.get(0)).bring(Given.nc1("old", 1, 1));
      dashboard.start();
      URI runs = URI.create("http://127.0.0.1:" + dashboard.port() + "/api/v1/runs");
      await()
          .until(
              () ->
                  HttpClient.newHttpClient()
                      .send(HttpRequest.newBuilder(runs).build(), BodyHandlers.ofString())
                      .body()
                      .equals("{\"runs\":[]}"));
    }
  }
}
