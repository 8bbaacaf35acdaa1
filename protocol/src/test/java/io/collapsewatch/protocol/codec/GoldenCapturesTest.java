package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Captures that were written once and must be read for ever. The files are never written anew: a
 * change of {@link Captures} that no longer fits them needs captures of its own.
 */
class GoldenCapturesTest {

  @ParameterizedTest
  @ValueSource(strings = {"run-full", "batch-full", "classifier-part", "stats-full", "end-full"})
  void capturesOfTheFirstBuildAreRead(String name) throws IOException {
    assertThat(CaptureCodec.decode(ByteBuffer.wrap(golden(name))))
        .isEqualTo(Captures.all().get(name));
  }

  /** Written by the script in FORMAT.md: Python 3.11, its json and struct. */
  @Test
  void aCaptureWrittenInPythonIsRead() throws IOException {
    assertThat(CaptureCodec.decode(ByteBuffer.wrap(golden("from-python"))))
        .isEqualTo(
            FeatureBatch.of(
                CaptureHeader.of("first-steps", 7),
                Tensor.ofFloats(new float[] {1, 0.5f, -1.5f, 2}, 2, 2),
                Tensor.ofLongs(new long[] {0, 1}, 2)));
  }

  /**
   * Written by {@code agent/python/tests/write_goldens.py}: a capture of each kind as the Python
   * package sends it, its bfloat16 from a tensor of PyTorch.
   */
  @ParameterizedTest
  @MethodSource("ofThePackage")
  void capturesOfThePythonPackageAreRead(String name, Capture expected) throws IOException {
    assertThat(CaptureCodec.decode(ByteBuffer.wrap(golden("python-" + name)))).isEqualTo(expected);
  }

  static Stream<Arguments> ofThePackage() {
    return Stream.of(
        arguments("run", packageRun()),
        arguments("batch", packageBatch()),
        arguments("batch-bf16", packagePass()),
        arguments("classifier", packageClassifier()),
        arguments("stats", packageStats()),
        arguments("end", new RunEnded(packageHeader(5))));
  }

  /** Of the {@code number}-th message. */
  private static CaptureHeader packageHeader(int number) {
    return CaptureHeader.of("resnet_18.b", 4200)
        .withEpoch(7.1)
        .withSource("test", "block-3")
        .withSender(1, 2, 4)
        .withSeq(OptionalLong.of(Long.MAX_VALUE - 9 + number))
        .withDropped(Map.of("queue_full", 12L));
  }

  private static Capture packageRun() {
    return new RunStarted(
        packageHeader(0),
        RunSettings.builder()
            .classes(3)
            .dim(64)
            .loss(RunSettings.Loss.CROSS_ENTROPY)
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

  /** Features −0, 2⁻²⁴, 65504; −1.5, 0.25, 0.1 as bits of half precision. */
  private static Capture packageBatch() {
    return new FeatureBatch(
        packageHeader(1),
        halves(DType.F16, 0x8000, 0x0001, 0x7bff, 0xbe00, 0x3400, 0x2e66),
        new Tensor(DType.U8, new int[] {2}, ByteBuffer.wrap(new byte[] {2, 0})),
        Optional.of(Tensor.ofDoubles(new double[] {1, 2, 3, 4, 5, 6.5}, 2, 3)),
        Optional.empty(),
        Optional.empty());
  }

  private static Capture packagePass() {
    return FeatureBatch.of(
        packageHeader(2).withSnapshot("epoch-7", true),
        bfloat16(),
        Tensor.ofLongs(new long[] {2, 0}, 2));
  }

  private static Capture packageClassifier() {
    float[] weight = {-0.0f, 0x1p-24f, 65504, -1.5f, 0.25f, 0.099975586f};
    return ClassifierSnapshot.of(
        packageHeader(3).withSnapshot("epoch-7", false),
        Tensor.ofFloats(weight, 2, 3),
        Optional.of(Tensor.ofDoubles(new double[] {0.1, -0.0}, 2)));
  }

  private static Capture packageStats() {
    Map<String, Double> norms = new LinkedHashMap<>();
    norms.put("stem", Math.PI);
    norms.put("head \"ß\"", 0.0);
    return new TrainingStats(
        packageHeader(4),
        OptionalDouble.of(0.1 + 0.2),
        OptionalDouble.of(1),
        OptionalDouble.of(1e-5),
        OptionalDouble.of(5e-4),
        norms,
        Optional.empty());
  }

  /** Written by safetensors 0.8.0, whose order of tensors and padding are its own. */
  @Test
  void aCaptureWrittenByTheSafetensorsPackageIsRead() throws IOException {
    assertThat(CaptureCodec.decode(ByteBuffer.wrap(golden("safetensors-batch"))))
        .isEqualTo(
            FeatureBatch.of(
                CaptureHeader.of("a-run", 7),
                bfloat16(),
                new Tensor(DType.I8, new int[] {2}, ByteBuffer.wrap(new byte[] {2, 0}))));
  }

  /** −0, 2⁻¹³³, the largest number; −1.5, 0.25, 0.1 as bits of bfloat16. */
  private static Tensor bfloat16() {
    return halves(DType.BF16, 0x8000, 0x0001, 0x7f7f, 0xbfc0, 0x3e80, 0x3dcd);
  }

  private static Tensor halves(DType dtype, int... bits) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int half : bits) {
      bytes.putShort((short) half);
    }
    return new Tensor(dtype, new int[] {2, 3}, bytes.flip());
  }

  static byte[] golden(String name) throws IOException {
    try (InputStream in =
        GoldenCapturesTest.class.getResourceAsStream("/golden/" + name + ".safetensors")) {
      return in.readAllBytes();
    }
  }
}
