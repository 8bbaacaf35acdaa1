package io.collapsewatch.agent.publish;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.CaptureTooLargeException;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Encodes captures into blobs of at most {@link Limits#RECORD_BYTES}. Batches and classifiers that
 * are larger are cut by rows into parts of nearly equal size; everything else has to fit as it is.
 */
final class Splitter {

  /** Part numbers and tensor offsets of a part may be this much longer than those of one row. */
  private static final int ROOM_FOR_DIGITS = 512;

  private Splitter() {}

  /** Cuts rows {@code from} (inclusive) to {@code to} (exclusive) out of a capture. */
  @FunctionalInterface
  private interface Rows {
    Capture slice(CaptureHeader header, int from, int to);
  }

  /**
   * @param before how many parts of the message go before what is here
   */
  static List<byte[]> split(Capture capture, int before) {
    if (capture instanceof FeatureBatch batch) {
      return byRows(batch.header(), before, batch.rows(), rowBytes(batch), batch::slice);
    }
    if (capture instanceof ClassifierSnapshot classifier) {
      return byRows(
          classifier.header(),
          before,
          classifier.weight().rows(),
          rowBytes(classifier.weight()) + rowBytes(classifier.bias()),
          classifier::slice);
    }
    Capture message = Headers.replace(capture, after(before, capture.header()));
    return List.of(requireFit(CaptureCodec.encode(message), "the message"));
  }

  private static CaptureHeader after(int before, CaptureHeader header) {
    return before == 0 ? header : header.withPart(before, before + 1);
  }

  private static List<byte[]> byRows(
      CaptureHeader header, int before, int rows, long rowBytes, Rows capture) {
    // What cannot fit is not encoded whole just to learn that.
    if (rows * rowBytes <= Limits.RECORD_BYTES) {
      byte[] whole = CaptureCodec.encode(capture.slice(after(before, header), 0, rows));
      if (whole.length <= Limits.RECORD_BYTES) {
        return List.of(whole);
      }
    }
    if (header.parts() > 1) {
      throw new CaptureTooLargeException(
          "part %d of %d is larger than the %d bytes of a record; a part is not split again"
              .formatted(header.part(), header.parts(), Limits.RECORD_BYTES));
    }
    int rowsInPart = rowsInPart(header, rowBytes, capture);
    int parts = (rows + rowsInPart - 1) / rowsInPart;
    List<byte[]> encoded = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) part * rows / parts);
      int to = (int) ((part + 1L) * rows / parts);
      Capture slice = capture.slice(header.withPart(before + part, before + parts), from, to);
      encoded.add(requireFit(CaptureCodec.encode(slice), "a part"));
    }
    return encoded;
  }

  private static int rowsInPart(CaptureHeader header, long rowBytes, Rows capture) {
    CaptureHeader longest = header.withPart(Limits.PARTS - 1, Limits.PARTS);
    int one = CaptureCodec.encode(capture.slice(longest, 0, 1)).length;
    long room = Limits.RECORD_BYTES - (one - rowBytes) - ROOM_FOR_DIGITS;
    if (room < rowBytes) {
      throw new CaptureTooLargeException(
          "one row takes %d bytes with its header; expected at most %d, so that it fits a record"
              .formatted(one, Limits.RECORD_BYTES - ROOM_FOR_DIGITS));
    }
    return (int) (room / rowBytes);
  }

  private static byte[] requireFit(byte[] blob, String what) {
    if (blob.length > Limits.RECORD_BYTES) {
      throw new CaptureTooLargeException(
          "%s takes %d bytes and cannot be split; expected at most %d, so that it fits a record"
              .formatted(what, blob.length, Limits.RECORD_BYTES));
    }
    return blob;
  }

  private static long rowBytes(FeatureBatch batch) {
    return rowBytes(batch.features())
        + rowBytes(batch.labels())
        + rowBytes(batch.logits())
        + rowBytes(batch.margins())
        + rowBytes(batch.predictions());
  }

  private static long rowBytes(Optional<Tensor> tensor) {
    return tensor.map(Splitter::rowBytes).orElse(0L);
  }

  private static long rowBytes(Tensor tensor) {
    return (long) tensor.columns() * tensor.dtype().bytes();
  }
}
