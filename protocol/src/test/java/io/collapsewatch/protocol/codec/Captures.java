package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A capture of each kind, with everything it can hold and with as little as it may. */
final class Captures {

  static final CaptureHeader BARE = CaptureHeader.of("a-run", 0);

  static final CaptureHeader FULL =
      CaptureHeader.of("resnet_18.b", 4200)
          .withEpoch(7.1)
          .withSource("test", "block-3")
          .withSender(1, 2, 4)
          .withSeq(OptionalLong.of(Long.MAX_VALUE))
          .withSnapshot("epoch-7", true)
          .withPart(2, 3)
          .withDropped(Map.of("buffer_full", 12L, "sampled", 0L));

  private static final OptionalDouble NONE = OptionalDouble.empty();

  private Captures() {}

  static Map<String, Capture> all() {
    Map<String, Capture> all = new LinkedHashMap<>();
    all.put("run", new RunStarted(BARE, RunSettings.NONE));
    all.put("run-full", fullRun());
    all.put("batch", FeatureBatch.of(BARE, features(DType.F32), labels()));
    all.put("batch-full", fullBatch());
    all.put("classifier", ClassifierSnapshot.of(BARE, features(DType.F16), Optional.empty()));
    all.put("classifier-part", classifierPart());
    all.put("stats", emptyStats());
    all.put("stats-full", fullStats());
    all.put("end", new RunEnded(BARE));
    all.put("end-full", new RunEnded(FULL));
    return all;
  }

  /** Values 0, 1/4, 2/4 … in any floating type: [2,3]. */
  static Tensor features(DType dtype) {
    ByteBuffer bytes = ByteBuffer.allocate(6 * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6; i++) {
      double value = i / 4.0;
      switch (dtype) {
        case F64 -> bytes.putDouble(value);
        case F32 -> bytes.putFloat((float) value);
        case BF16 -> bytes.putShort((short) (Float.floatToIntBits((float) value) >>> 16));
        case F16 -> bytes.putShort((short) (i == 0 ? 0 : half(value)));
        default -> throw new IllegalArgumentException(dtype + " is no floating type");
      }
    }
    return new Tensor(dtype, new int[] {2, 3}, bytes.flip());
  }

  /** Labels 2 and 0 in any integer type: [2]. */
  static Tensor labels(DType dtype) {
    byte[] bytes = new byte[2 * dtype.bytes()];
    bytes[0] = 2;
    return new Tensor(dtype, new int[] {2}, ByteBuffer.wrap(bytes));
  }

  private static int half(double value) {
    int exponent = Math.getExponent(value);
    int fraction = (int) ((value / Math.scalb(1.0, exponent) - 1) * 1024);
    return (exponent + 15) << 10 | fraction;
  }

  private static Tensor labels() {
    return labels(DType.I64);
  }

  private static Capture fullRun() {
    return new RunStarted(
        FULL,
        RunSettings.builder()
            .classes(3)
            .dim(64)
            .loss(RunSettings.Loss.CROSS_ENTROPY)
            .lossScale(10)
            .optimizer("SGD, momentum 0.9")
            .bias(false)
            .weightDecay(5e-4)
            .classCounts(List.of(100L, 0L, 9_000_000_000L))
            .batchNorm(true)
            .reportEverySteps(50)
            .expectedIntervalSeconds(0.1 + 0.2)
            .tags(Map.of("host", "gpu-7", "note", "ß 🙂 \"quoted\" \u0000"))
            .build());
  }

  private static Capture fullBatch() {
    return new FeatureBatch(
        FULL,
        features(DType.BF16),
        labels(DType.U8),
        Optional.of(Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)),
        Optional.of(Tensor.ofDoubles(new double[] {-0.0, 1e-300}, 2)),
        Optional.of(Tensor.ofInts(new int[] {2, 1}, 2)));
  }

  private static Capture classifierPart() {
    Tensor bias = Tensor.ofDoubles(new double[] {1, 2}, 2);
    return new ClassifierSnapshot(FULL, features(DType.F64), Optional.of(bias), 5, 10);
  }

  private static Capture emptyStats() {
    return new TrainingStats(BARE, NONE, NONE, NONE, NONE, Map.of(), Optional.empty());
  }

  private static Capture fullStats() {
    Map<String, Double> norms = new LinkedHashMap<>();
    norms.put("stem", Math.PI);
    norms.put("head \"ß\"", 0.0);
    return new TrainingStats(
        FULL,
        OptionalDouble.of(0.1 + 0.2),
        OptionalDouble.of(1),
        OptionalDouble.of(1e-5),
        OptionalDouble.of(5e-4),
        norms,
        Optional.of(MarginStatistics.of(new double[] {-1e9, 0.3, 0.3, 7, 1e9}, 4)));
  }
}
