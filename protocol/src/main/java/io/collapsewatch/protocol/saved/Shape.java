package io.collapsewatch.protocol.saved;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Lengths of the axes of an array.
 *
 * @param lengths outermost first, each ≥ 0
 */
record Shape(List<Integer> lengths) {

  Shape {
    lengths = List.copyOf(lengths);
  }

  int axes() {
    return lengths.size();
  }

  int length(int axis) {
    return lengths.get(axis);
  }

  /** Number of elements; more than a long holds comes out as the largest long. */
  long size() {
    long size = 1;
    for (int length : lengths) {
      if (length == 0) {
        return 0;
      }
      size = size > Long.MAX_VALUE / length ? Long.MAX_VALUE : size * length;
    }
    return size;
  }

  int[] toArray() {
    return lengths.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public String toString() {
    return lengths.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
