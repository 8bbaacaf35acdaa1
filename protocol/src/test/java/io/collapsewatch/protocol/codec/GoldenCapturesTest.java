package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  static byte[] golden(String name) throws IOException {
    try (InputStream in =
        GoldenCapturesTest.class.getResourceAsStream("/golden/" + name + ".safetensors")) {
      return in.readAllBytes();
    }
  }
}
