package io.collapsewatch.dashboard;

import io.collapsewatch.dashboard.api.Door;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where the dashboard reads, keeps and shows.
 *
 * @param bootstrapServers as in Kafka's {@code bootstrap.servers}
 * @param history the file that everything is kept in; made if it is not there
 * @param door where it listens and who may come in
 * @param keep how long reports are kept; absent: for ever
 * @param consumerOverrides settings of the Kafka clients, for credentials and the like
 */
public record DashboardConfig(
    String bootstrapServers,
    Path history,
    Door door,
    Optional<Duration> keep,
    Map<String, Object> consumerOverrides) {

  /** The port unless another is named. */
  public static final int DEFAULT_PORT = 7070;

  /**
   * @throws IllegalArgumentException if a value is outside its range
   */
  public DashboardConfig {
    if (keep.isPresent() && keep.get().compareTo(Duration.ofHours(1)) < 0) {
      throw new IllegalArgumentException(
          "reports are to be kept for %s; expected an hour at least".formatted(keep.get()));
    }
    consumerOverrides = Map.copyOf(consumerOverrides);
  }

  /** A dashboard for this machine only, on the default port, that keeps everything. */
  public static DashboardConfig of(String bootstrapServers, Path history) {
    return new DashboardConfig(
        bootstrapServers, history, Door.loopback(DEFAULT_PORT), Optional.empty(), Map.of());
  }

  public DashboardConfig withDoor(Door newDoor) {
    return new DashboardConfig(bootstrapServers, history, newDoor, keep, consumerOverrides);
  }

  public DashboardConfig withKeep(Optional<Duration> newKeep) {
    return new DashboardConfig(bootstrapServers, history, door, newKeep, consumerOverrides);
  }

  public DashboardConfig withConsumerOverrides(Map<String, Object> newOverrides) {
    return new DashboardConfig(bootstrapServers, history, door, keep, newOverrides);
  }

  /** Without the token and the values of the overrides, which may hold passwords. */
  @Override
  public String toString() {
    return "DashboardConfig[bootstrapServers=%s, history=%s, door=%s, keep=%s, consumerOverrides=%s]"
        .formatted(bootstrapServers, history, door, keep, consumerOverrides.keySet());
  }
}
