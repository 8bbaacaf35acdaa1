package io.collapsewatch.dashboard.board;

import io.collapsewatch.protocol.Alert;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The newest alert of each state of a run's attempt: at most one of a state fires at a time.
 *
 * @param newest by the state that raised it
 */
public record Alerts(Map<Alert.State, Alert> newest) {

  /** None yet. */
  public static final Alerts NONE = new Alerts(Map.of());

  public Alerts {
    Map<Alert.State, Alert> copy = new EnumMap<>(Alert.State.class);
    copy.putAll(newest);
    newest = Collections.unmodifiableMap(copy);
  }

  /** With one more, unless it is older than what is known; a resolved one does not fire again. */
  public Alerts plus(Alert alert) {
    Alert known = newest.get(alert.state());
    if (known != null && !replaces(alert, known)) {
      return this;
    }
    Map<Alert.State, Alert> more = new EnumMap<>(Alert.State.class);
    more.putAll(newest);
    more.put(alert.state(), alert);
    return new Alerts(more);
  }

  private static boolean replaces(Alert alert, Alert known) {
    return alert.startsMs() > known.startsMs()
        || (alert.startsMs() == known.startsMs() && (known.firing() || !alert.firing()));
  }

  /** Those that fire. */
  public List<Alert> firing() {
    return newest.values().stream().filter(Alert::firing).toList();
  }
}
