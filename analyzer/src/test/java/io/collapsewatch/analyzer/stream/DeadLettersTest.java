package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.Captures;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class DeadLettersTest extends TopologyTest {

  @Test
  void whatIsNoCaptureIsSentOnAsItCameWithTheReason() {
    byte[] garbage = {1, 2, 3};
    topology.send("run", garbage);

    TestRecord<String, byte[]> letter = onlyLetter();
    assertThat(letter.key()).isEqualTo("run");
    assertThat(letter.value()).isEqualTo(garbage);
    assertThat(letter.timestamp()).isEqualTo(topology.nowMs());
    assertThat(header(letter.headers(), "reason")).isEqualTo("malformed");
    assertThat(header(letter.headers(), "sentence"))
        .isEqualTo(
            "the blob has 3 bytes; expected at least 8, which hold the length of the header");
    assertThat(header(letter.headers(), "topic")).isEqualTo("collapsewatch.capture.v1");
    assertThat(header(letter.headers(), "partition")).isEqualTo("0");
    assertThat(header(letter.headers(), "offset")).isEqualTo("0");
  }

  @Test
  void aRecordWithoutAValueIsRefused() {
    topology.send("run", null);

    assertThat(header(onlyLetter().headers(), "sentence"))
        .isEqualTo("the record has no value; expected a capture");
  }

  @Test
  void aKeyThatIsNotTheRunIsRefused() {
    topology.send("other", CaptureCodec.encode(batch(0, 3)));

    assertThat(header(onlyLetter().headers(), "sentence"))
        .isEqualTo(
            "the record's key is \"other\" and its capture is of run \"run\";"
                + " expected the run's id as the key");
  }

  @Test
  void aCaptureThatDoesNotFitItsRunIsRefusedAndTheRunGoesOn() {
    topology.send(
        new RunStarted(CaptureHeader.of("run", 0), RunSettings.builder().classes(3).build()));
    topology.send(batch(1, 5));
    topology.send(
        FeatureBatch.of(
            CaptureHeader.of("run", 2),
            Tensor.ofFloats(new float[] {1, 2, 3, 4, 5}, 1, 5),
            Tensor.ofInts(new int[] {3}, 1)));
    topology.send(batch(3, 6));
    topology.send(batch(4, 5));
    topology.send(new RunEnded(CaptureHeader.of("run", 5)));

    assertThat(topology.deadLetters())
        .extracting(letter -> header(letter.headers(), "sentence"))
        .containsExactly(
            "label 3 in row 0; expected a class in 0..2",
            "features is 6 wide and layer penultimate of the run is 5 wide; a layer keeps its"
                + " width");
    assertThat(topology.lastReport().metrics().get(MetricKey.SAMPLES)).hasValue(16);
  }

  private static FeatureBatch batch(long step, int dim) {
    return Captures.batch(CaptureHeader.of("run", step), 8, 3, dim);
  }

  private TestRecord<String, byte[]> onlyLetter() {
    List<TestRecord<String, byte[]>> letters = topology.deadLetters();
    assertThat(letters).hasSize(1);
    assertThat(topology.reports()).isEmpty();
    return letters.get(0);
  }

  private static String header(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
