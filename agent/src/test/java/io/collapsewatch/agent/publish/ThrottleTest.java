package io.collapsewatch.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private long now = Long.MAX_VALUE - 5;
  private final Throttle throttle = new Throttle(Duration.ofNanos(10), () -> now);

  @Test
  void theFirstPassesAndTheNextAfterTheInterval() {
    assertThat(throttle.pass()).isTrue();
    now += 9;
    assertThat(throttle.pass()).isFalse();
    now += 1;
    assertThat(throttle.pass()).isTrue();
    assertThat(throttle.pass()).isFalse();
  }
}
