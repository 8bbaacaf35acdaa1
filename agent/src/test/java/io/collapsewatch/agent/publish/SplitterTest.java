package io.collapsewatch.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.CaptureTooLargeException;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SplitterTest {

  private static final CaptureHeader HEADER = CaptureHeader.of("r", 5);

  @Test
  void whatFitsIsOneRecord() {
    Capture end = new RunEnded(HEADER);
    assertThat(decoded(Splitter.split(end, 0))).containsExactly(end);
    FeatureBatch batch = FeatureBatch.of(HEADER, counted(2, 3), labels(2));
    assertThat(decoded(Splitter.split(batch, 0))).containsExactly(batch);
  }

  @Test
  void theRowsOfALargeBatchGoOnInTheirOrder() {
    int rows = 1501;
    int dim = 512;
    FeatureBatch batch = FeatureBatch.of(HEADER, counted(rows, dim), labels(rows));
    List<Capture> parts = decoded(Splitter.split(batch, 0));

    // 1501 rows of 2052 bytes are 3.13 records of 960 KiB.
    assertThat(parts).hasSize(4);
    int row = 0;
    for (int i = 0; i < parts.size(); i++) {
      FeatureBatch part = (FeatureBatch) parts.get(i);
      assertThat(part.header()).isEqualTo(HEADER.withPart(i, 4));
      assertThat(part).isEqualTo(batch.slice(part.header(), row, row + part.rows()));
      row += part.rows();
    }
    assertThat(row).isEqualTo(rows);
  }

  @Test
  void whatGoesBeforeABatchIsCountedAmongItsParts() {
    FeatureBatch batch = FeatureBatch.of(HEADER, counted(1501, 512), labels(1501));
    assertThat(decoded(Splitter.split(batch, 2)))
        .extracting(Capture::header)
        .containsExactly(
            HEADER.withPart(2, 6),
            HEADER.withPart(3, 6),
            HEADER.withPart(4, 6),
            HEADER.withPart(5, 6));
    assertThat(decoded(Splitter.split(new RunEnded(HEADER), 1)))
        .containsExactly(new RunEnded(HEADER.withPart(1, 2)));
  }

  @Test
  void aBatchMayHaveMoreRowsThanAMessageMayHaveParts() {
    int rows = 2 * Limits.PARTS;
    FeatureBatch batch = FeatureBatch.of(HEADER, counted(rows, 64), labels(rows));

    // 8192 rows of 260 bytes are 2.17 records of 960 KiB.
    assertThat(decoded(Splitter.split(batch, 0))).hasSize(3);
  }

  @Test
  void thePassEndsWithTheLastPart() {
    CaptureHeader last = HEADER.withSnapshot("p", true);
    FeatureBatch batch = FeatureBatch.of(last, counted(600, 512), labels(600));
    assertThat(decoded(Splitter.split(batch, 0)))
        .extracting(part -> part.header().snapshotEnd())
        .containsExactly(false, true);
  }

  @Test
  void thePartsOfAClassifierKnowTheirRows() {
    Tensor bias = Tensor.ofFloats(new float[1000], 1000);
    ClassifierSnapshot whole = ClassifierSnapshot.of(HEADER, counted(1000, 512), Optional.of(bias));
    List<Capture> parts = decoded(Splitter.split(whole, 0));

    assertThat(parts).hasSize(3);
    int row = 0;
    for (Capture capture : parts) {
      ClassifierSnapshot part = (ClassifierSnapshot) capture;
      assertThat(part.rowOffset()).isEqualTo(row);
      assertThat(part.classes()).isEqualTo(1000);
      row += part.weight().rows();
    }
    assertThat(row).isEqualTo(1000);
  }

  @Test
  void aRowThatIsTooLargeIsRefused() {
    FeatureBatch batch = FeatureBatch.of(HEADER, counted(1, 300_000), labels(1));
    CaptureHeader longest = HEADER.withPart(Limits.PARTS - 1, Limits.PARTS);
    assertThatThrownBy(() -> Splitter.split(batch, 0))
        .isInstanceOf(CaptureTooLargeException.class)
        .hasMessage(
            "one row takes %d bytes with its header; expected at most 982528, so that it fits a record"
                .formatted(CaptureCodec.encode(batch.slice(longest, 0, 1)).length));
  }

  @Test
  void aPartIsNotSplitAgain() {
    FeatureBatch batch = FeatureBatch.of(HEADER.withPart(1, 3), counted(600, 512), labels(600));
    assertThatThrownBy(() -> Splitter.split(batch, 0))
        .isInstanceOf(CaptureTooLargeException.class)
        .hasMessage(
            "part 1 of 3 is larger than the 983040 bytes of a record; a part is not split again");
  }

  @Test
  void aPartThatFitsPassesThrough() {
    FeatureBatch batch = FeatureBatch.of(HEADER.withPart(1, 3), counted(2, 3), labels(2));
    assertThat(decoded(Splitter.split(batch, 0))).containsExactly(batch);
  }

  @Test
  void aBatchJustTooLargeForARecordBecomesTwo() {
    // 960 rows of 1020 + 4 bytes fill the limit without a header.
    FeatureBatch batch = FeatureBatch.of(HEADER, counted(960, 255), labels(960));
    List<byte[]> parts = Splitter.split(batch, 0);
    assertThat(parts)
        .hasSize(2)
        .allSatisfy(part -> assertThat(part.length).isLessThanOrEqualTo(Limits.RECORD_BYTES));
  }

  private static List<Capture> decoded(List<byte[]> parts) {
    assertThat(parts)
        .allSatisfy(part -> assertThat(part.length).isLessThanOrEqualTo(Limits.RECORD_BYTES));
    return parts.stream().map(part -> CaptureCodec.decode(ByteBuffer.wrap(part))).toList();
  }

  private static Tensor labels(int rows) {
    return Tensor.ofInts(new int[rows], rows);
  }

  private static Tensor counted(int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensor.ofFloats(values, rows, columns);
  }
}
