package io.collapsewatch.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTest {

  private final Backlog backlog = new Backlog(100);

  @Test
  void aGroupIsTakenWholeOrNotAtAll() {
    assertThat(backlog.add(List.of(bytes(60)))).isTrue();
    assertThat(backlog.add(List.of(bytes(30), bytes(30)))).isFalse();
    assertThat(backlog.add(List.of(bytes(20), bytes(20)))).isTrue();
    assertThat(backlog.captures()).isEqualTo(3);
  }

  @Test
  void whatIsDeliveredMakesRoom() {
    EncodedCapture first = bytes(90);
    backlog.add(List.of(first));
    assertThat(backlog.add(List.of(bytes(20)))).isFalse();
    backlog.remove(first);
    assertThat(backlog.add(List.of(bytes(20)))).isTrue();
  }

  @Test
  void whatIsLargerThanTheBufferGoesAlone() {
    assertThat(backlog.add(List.of(bytes(500)))).isTrue();
    assertThat(backlog.add(List.of(bytes(1)))).isFalse();
  }

  @Test
  void whetherHalfIsFreeIsToldWhenTheTimeIsUp() throws Exception {
    EncodedCapture second = bytes(1);
    backlog.add(List.of(bytes(50)));
    assertThat(backlog.awaitHalfFree(Duration.ZERO)).isTrue();
    backlog.add(List.of(second));
    assertThat(backlog.awaitHalfFree(Duration.ZERO)).isFalse();
    backlog.remove(second);
    assertThat(backlog.awaitHalfFree(Duration.ZERO)).isTrue();
  }

  private static EncodedCapture bytes(int count) {
    return new EncodedCapture("r", List.of(new byte[count]), () -> {}, () -> {});
  }
}
