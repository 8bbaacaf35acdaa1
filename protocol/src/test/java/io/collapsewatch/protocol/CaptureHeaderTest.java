package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CaptureHeaderTest {

  private static final CaptureHeader HEADER = CaptureHeader.of("a-run", 12);

  @Test
  void startsAtTheDefaults() {
    assertThat(HEADER.split()).isEqualTo("train");
    assertThat(HEADER.layer()).isEqualTo("penultimate");
    assertThat(HEADER.attempt()).isZero();
    assertThat(HEADER.rank()).isZero();
    assertThat(HEADER.worldSize()).isEqualTo(1);
    assertThat(HEADER.lastPart()).isTrue();
    assertThat(HEADER.epoch()).isEmpty();
    assertThat(HEADER.seq()).isEmpty();
    assertThat(HEADER.snapshot()).isEmpty();
    assertThat(HEADER.dropped()).isEmpty();
  }

  @Test
  void eachChangeLeavesTheRestAlone() {
    CaptureHeader changed =
        HEADER
            .withEpoch(1.5)
            .withSource("test", "block-3")
            .withSender(2, 3, 4)
            .withSeq(OptionalLong.of(9))
            .withSnapshot("epoch-1", true)
            .withDropped(Map.of("buffer_full", 5L))
            .withPart(1, 2);
    assertThat(changed.run()).isEqualTo("a-run");
    assertThat(changed.step()).isEqualTo(12);
    assertThat(changed.epoch()).isEqualTo(OptionalDouble.of(1.5));
    assertThat(changed.split()).isEqualTo("test");
    assertThat(changed.layer()).isEqualTo("block-3");
    assertThat(changed.attempt()).isEqualTo(2);
    assertThat(changed.rank()).isEqualTo(3);
    assertThat(changed.worldSize()).isEqualTo(4);
    assertThat(changed.seq()).isEqualTo(OptionalLong.of(9));
    assertThat(changed.snapshot()).contains("epoch-1");
    assertThat(changed.snapshotEnd()).isTrue();
    assertThat(changed.part()).isEqualTo(1);
    assertThat(changed.parts()).isEqualTo(2);
    assertThat(changed.dropped()).containsExactly(Map.entry("buffer_full", 5L));
  }

  @Test
  void onlyTheLastPartEndsASnapshot() {
    CaptureHeader end = HEADER.withSnapshot("s", true);
    assertThat(end.withPart(0, 2).snapshotEnd()).isFalse();
    assertThat(end.withPart(0, 2).lastPart()).isFalse();
    assertThat(end.withPart(1, 2).snapshotEnd()).isTrue();
    assertThat(end.withPart(1, 2).lastPart()).isTrue();
  }

  @Test
  void namesOutsideTheirPatternAreRefused() {
    assertRefused(
        () -> CaptureHeader.of("a run", 0), "run is \"a run\"; expected [A-Za-z0-9._-]{1,64}");
    assertRefused(() -> CaptureHeader.of("", 0), "run is \"\"; expected [A-Za-z0-9._-]{1,64}");
    assertRefused(
        () -> CaptureHeader.of("x".repeat(65), 0),
        "run is \"" + "x".repeat(65) + "\"; expected [A-Za-z0-9._-]{1,64}");
    assertRefused(
        () -> HEADER.withSource("Train", "penultimate"),
        "split is \"Train\"; expected [a-z0-9_-]{1,32}");
    assertRefused(
        () -> HEADER.withSource("train", "a.b"), "layer is \"a.b\"; expected [a-z0-9_-]{1,32}");
    assertRefused(
        () -> HEADER.withSnapshot("a\nb", false),
        "snapshot is \"a\\u000ab\"; expected [A-Za-z0-9._-]{1,64}");
    assertRefused(
        () -> HEADER.withDropped(Map.of("Buffer", 1L)),
        "dropped reason is \"Buffer\"; expected [a-z0-9_-]{1,32}");
  }

  @Test
  void numbersOutsideTheirRangeAreRefused() {
    assertRefused(() -> CaptureHeader.of("r", -1), "step is -1; expected at least 0");
    assertRefused(() -> HEADER.withSender(-1, 0, 1), "attempt is -1; expected 0..2147483647");
    assertRefused(() -> HEADER.withSender(0, 0, 0), "world_size is 0; expected 1..1024");
    assertRefused(() -> HEADER.withSender(0, 0, 65537), "world_size is 65537; expected 1..1024");
    assertRefused(() -> HEADER.withSender(0, 4, 4), "rank is 4; expected 0..3");
    assertRefused(() -> HEADER.withPart(0, 0), "parts is 0; expected 1..4096");
    assertRefused(() -> HEADER.withPart(2, 2), "part is 2; expected 0..1");
    assertRefused(() -> HEADER.withSeq(OptionalLong.of(-5)), "seq is -5; expected at least 0");
    assertRefused(
        () -> HEADER.withDropped(Map.of("sampled", -1L)),
        "dropped.sampled is -1; expected 0..1125899906842624");
    assertRefused(
        () -> HEADER.withEpoch(Double.NaN), "epoch is NaN; expected a finite number of at least 0");
    assertRefused(
        () -> HEADER.withEpoch(-0.5), "epoch is -0.5; expected a finite number of at least 0");
  }

  @Test
  void anEndWithoutItsSnapshotIsRefused() {
    assertRefused(
        () ->
            new CaptureHeader(
                "r",
                0,
                HEADER.epoch(),
                "train",
                "penultimate",
                0,
                0,
                1,
                HEADER.seq(),
                HEADER.snapshot(),
                true,
                0,
                1,
                Map.of()),
        "snapshot_end is true without a snapshot; expected the id of the pass that ends here");
  }

  private static void assertRefused(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call).isInstanceOf(MalformedCaptureException.class).hasMessage(sentence);
  }

  @Test
  void endlessReasonsAreRefused() {
    Map<String, Long> dropped = new TreeMap<>();
    for (int i = 0; i <= Limits.DROP_REASONS; i++) {
      dropped.put("reason" + i, 1L);
    }
    assertRefused(
        () -> HEADER.withDropped(dropped), "the number of dropped reasons is 17; expected 0..16");
  }
}
