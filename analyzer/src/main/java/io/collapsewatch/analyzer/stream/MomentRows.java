package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.collapse.ClassMoments;
import java.nio.ByteBuffer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Streaming statistics as records of one row each: the whole of them, 32 MiB at d = 2048, would be
 * larger than a record may be.
 */
final class MomentRows {

  private static final String CLASS = "class";
  private static final String SCATTER = "scatter";

  private final KeyValueStore<String, byte[]> blobs;

  MomentRows(KeyValueStore<String, byte[]> blobs) {
    this.blobs = blobs;
  }

  /** Writes statistics below {@code key}, over what was there. */
  void save(String key, ClassMoments moments) {
    for (int label : moments.classes()) {
      blobs.put(Stores.key(key, CLASS, label), bytes(moments.classRow(label)));
    }
    for (int i = 0; i < moments.dim(); i++) {
      blobs.put(Stores.key(key, SCATTER, i), bytes(moments.scatterRow(i)));
    }
  }

  /** The statistics below {@code key}; those of no samples, if nothing is there. */
  ClassMoments load(String key, int dim) {
    ClassMoments moments = ClassMoments.create(dim);
    for (KeyValue<String, byte[]> row : Stores.below(blobs, Stores.key(key, CLASS))) {
      moments.restoreClass(number(row.key), doubles(row.value));
    }
    for (KeyValue<String, byte[]> row : Stores.below(blobs, Stores.key(key, SCATTER))) {
      moments.restoreScatter(number(row.key), doubles(row.value));
    }
    return moments;
  }

  private static int number(String key) {
    return Integer.parseInt(key.substring(key.lastIndexOf('/') + 1));
  }

  private static byte[] bytes(double[] row) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * row.length);
    bytes.asDoubleBuffer().put(row);
    return bytes.array();
  }

  private static double[] doubles(byte[] bytes) {
    double[] row = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(row);
    return row;
  }
}
