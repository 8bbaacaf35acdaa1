package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {

  /** Oracle: the default of {@code message.max.bytes} of a broker. */
  private static final int BROKER_RECORD_BYTES = 1_048_588;

  @Test
  void aRecordLeavesRoomForKeyHeadersAndFraming() {
    assertThat(BROKER_RECORD_BYTES - Limits.RECORD_BYTES).isGreaterThanOrEqualTo(64 << 10);
  }

  /**
   * So that every capture can be split: the longest header, one row in double, what goes with it.
   */
  @Test
  void oneRowAlwaysFitsARecord() {
    int row = Limits.DIM * Double.BYTES;
    int logits = Limits.CLASSES * Double.BYTES;
    int labelMarginPrediction = 3 * Long.BYTES;
    assertThat(Limits.HEADER_BYTES + row + logits + labelMarginPrediction + Long.BYTES)
        .isLessThanOrEqualTo(Limits.RECORD_BYTES);
  }

  @Test
  void theHeaderIsPaddedInWords() {
    assertThat(Limits.HEADER_BYTES % Long.BYTES).isZero();
  }

  @Test
  void theWindowStaysWithinItsBounds() {
    assertThat(WindowSize.samplesPerClass(10, 64)).isEqualTo(64);
    assertThat(WindowSize.samplesPerClass(Limits.CLASSES, Limits.DIM)).isEqualTo(2);
    // 64 MiB / (4 · 1000 · 2048) = 8.19
    assertThat(WindowSize.samplesPerClass(1000, 2048)).isEqualTo(8);
  }
}
