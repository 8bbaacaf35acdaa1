package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes near valid captures: they are captures, or are refused in a sentence, nothing else. */
class MutatedCaptureTest {

  private static final int MUTATIONS = 5_000;
  private static final String[] SPLINTERS = {
    "-1",
    "9",
    "99999999999999999999",
    "1e999",
    "NaN",
    "null",
    "\"",
    "[",
    "{",
    "}",
    "]",
    ",",
    ":",
    "\\ud800",
    "\\u0000",
    "0",
    "4294967296",
    "true",
    "[]",
    "{}",
    " "
  };

  @Test
  void endAsACaptureOrInASentence() {
    List<byte[]> valid = Captures.all().values().stream().map(CaptureCodec::encode).toList();
    Random random = new Random(20);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] blob = mutate(valid.get(i % valid.size()), random);
      try {
        Capture capture = CaptureCodec.decode(ByteBuffer.wrap(blob));
        assertThat(CaptureCodec.decode(ByteBuffer.wrap(CaptureCodec.encode(capture))))
            .isEqualTo(capture);
        read++;
      } catch (CaptureException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(1000);
        refused++;
      }
    }
    // Both kinds of ending are there, so that neither half of the test is empty.
    assertThat(read).isGreaterThan(MUTATIONS / 20);
    assertThat(refused).isGreaterThan(MUTATIONS / 20);
  }

  private static byte[] mutate(byte[] valid, Random random) {
    int place = random.nextInt(valid.length);
    return switch (random.nextInt(5)) {
      case 0 -> flip(valid, place, random);
      case 1 -> flip(flip(valid, random.nextInt(8), random), place, random);
      case 2 -> splice(valid, place, Math.min(valid.length, place + 1 + random.nextInt(8)), "");
      case 3 -> inHeader(valid, place, random, 0);
      default -> inHeader(valid, place, random, 1 + random.nextInt(3));
    };
  }

  private static byte[] flip(byte[] blob, int place, Random random) {
    byte[] flipped = blob.clone();
    flipped[place] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  /** Replaces {@code length} bytes of the header and corrects its length, so that it is parsed. */
  private static byte[] inHeader(byte[] blob, int place, Random random, int length) {
    int headerEnd = 8 + (int) ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    int from = 8 + place % (headerEnd - 8 - length);
    String splinter = SPLINTERS[random.nextInt(SPLINTERS.length)];
    byte[] spliced = splice(blob, from, from + length, splinter);
    ByteBuffer.wrap(spliced)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, headerEnd - 8 - length + splinter.length());
    return spliced;
  }

  private static byte[] splice(byte[] blob, int from, int to, String with) {
    byte[] middle = with.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(blob.length - (to - from) + middle.length)
        .put(blob, 0, from)
        .put(middle)
        .put(blob, to, blob.length - to)
        .array();
  }
}
