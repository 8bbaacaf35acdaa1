package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.Alert.Status;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AlertTest {

  @Test
  void aResolvedAlertIsTheFiringOneAtItsEnd() {
    Alert firing = alert("r", 10, Status.FIRING, OptionalLong.empty());
    Alert resolved = alert("r", 10, Status.RESOLVED, OptionalLong.of(10));
    assertThat(resolved.id()).isEqualTo(firing.id());
    assertThat(firing.firing()).isTrue();
    assertThat(resolved.firing()).isFalse();
    assertThat(alert("r", 11, Status.FIRING, OptionalLong.empty()).id()).isNotEqualTo(firing.id());
  }

  @Test
  void itHasAnEndWhereItIsResolvedAndOnlyThere() {
    assertRefused(
        "r",
        10,
        Status.FIRING,
        OptionalLong.of(11),
        "ends_ms of an alert is 11; expected nothing while it fires");
    assertRefused(
        "r",
        10,
        Status.RESOLVED,
        OptionalLong.empty(),
        "ends_ms of an alert is missing; expected a time, as it is resolved");
    assertRefused(
        "r",
        10,
        Status.RESOLVED,
        OptionalLong.of(9),
        "ends_ms of an alert is 9; expected at least starts_ms, 10");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertRefused(
        "<b>",
        10,
        Status.FIRING,
        OptionalLong.empty(),
        "run of an alert is \"<b>\"; expected [A-Za-z0-9._-]{1,64}");
    assertRefused(
        "r",
        -1,
        Status.FIRING,
        OptionalLong.empty(),
        "starts_ms of an alert is -1; expected at least 0");
    assertThatThrownBy(() -> because("x".repeat(1001), OptionalDouble.empty()))
        .hasMessageEndingWith("…\"; expected a sentence of at most 1000 characters");
    assertThatThrownBy(() -> because(" ", OptionalDouble.empty()))
        .hasMessage("reason of an alert is \" \"; expected a sentence of at most 1000 characters");
    assertThatThrownBy(() -> because("x", OptionalDouble.of(Double.NaN)))
        .hasMessage("epoch of an alert is NaN; expected a finite number of at least 0");
    assertThat(because("x".repeat(1000), OptionalDouble.of(0)).reason()).hasSize(1000);
  }

  private static void assertRefused(
      String run, long startsMs, Status status, OptionalLong endsMs, String sentence) {
    assertThatThrownBy(() -> alert(run, startsMs, status, endsMs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  private static Alert alert(String run, long startsMs, Status status, OptionalLong endsMs) {
    return new Alert(
        Alert.VERSION,
        run,
        0,
        Alert.State.STALLED,
        status,
        "flat for 3 epochs",
        startsMs,
        endsMs,
        7,
        OptionalDouble.empty(),
        20);
  }

  private static Alert because(String reason, OptionalDouble epoch) {
    return new Alert(
        Alert.VERSION,
        "r",
        0,
        Alert.State.STALLED,
        Status.FIRING,
        reason,
        10,
        OptionalLong.empty(),
        7,
        epoch,
        20);
  }
}
