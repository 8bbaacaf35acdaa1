package io.collapsewatch.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeliveryTest {

  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger settled = new AtomicInteger();
  private final Delivery delivery =
      new Delivery(
          new EncodedCapture(
              "r",
              List.of(new byte[1], new byte[1], new byte[1]),
              lost::incrementAndGet,
              settled::incrementAndGet));

  @Test
  void itIsDoneWithItsLastPart() {
    assertThat(delivery.partDone(true)).isFalse();
    assertThat(delivery.partDone(true)).isFalse();
    assertThat(settled).hasValue(0);
    assertThat(delivery.partDone(true)).isTrue();
    assertThat(lost).hasValue(0);
    assertThat(settled).hasValue(1);
  }

  @Test
  void severalLostPartsAreOneLostCapture() {
    delivery.partDone(false);
    delivery.partDone(true);
    assertThat(delivery.partDone(false)).isTrue();
    assertThat(lost).hasValue(1);
    assertThat(settled).hasValue(1);
  }
}
