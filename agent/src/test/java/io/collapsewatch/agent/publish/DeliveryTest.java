package io.collapsewatch.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeliveryTest {

  private final AtomicInteger lost = new AtomicInteger();
  private final Delivery delivery =
      new Delivery(
          new EncodedCapture(
              "r", List.of(new byte[1], new byte[1], new byte[1]), lost::incrementAndGet));

  @Test
  void itIsDoneWithItsLastPart() {
    assertThat(delivery.partDone(true)).isFalse();
    assertThat(delivery.partDone(true)).isFalse();
    assertThat(delivery.partDone(true)).isTrue();
    assertThat(lost).hasValue(0);
  }

  @Test
  void severalLostPartsAreOneLostCapture() {
    delivery.partDone(false);
    delivery.partDone(true);
    assertThat(delivery.partDone(false)).isTrue();
    assertThat(lost).hasValue(1);
  }
}
