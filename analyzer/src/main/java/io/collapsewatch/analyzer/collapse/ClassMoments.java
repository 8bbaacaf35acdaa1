package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.RowSpace;
import io.collapsewatch.analyzer.linalg.Scatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Streaming statistics of labelled features: for each class the count n_k, the mean μ_k and the sum
 * of squares tr(S_k) = n_k v_k, and one pooled scatter S = Σ_k S_k [d×d]. Samples are added in one
 * reading and forgotten; two sets of statistics merge into that of all samples. Less exact than two
 * passes where features lie far from 0, since the means are then rounded at their own size, but
 * never by cancellation: Σhhᵀ − nμμᵀ is not used.
 *
 * <p>One block of samples B merges into A as δ = μ_kB − μ_kA, μ_k = μ_kA + δ n_kB/n_k, S = S_A +
 * S_B + Σ_k (n_kA n_kB/n_k) δδᵀ (Chan, Golub and LeVeque 1979); one sample is a block of one. Holds
 * 8·d² bytes. Mutable, not thread-safe.
 */
public final class ClassMoments {

  /** Rows of a block: enough for the product RᵀR to pay, few enough to stay in the cache. */
  private static final int BLOCK = 256;

  private final int dim;
  private final Scatter scatter;
  private final TreeMap<Integer, ClassMoment> classes = new TreeMap<>();

  private ClassMoments(int dim) {
    this.scatter = new Scatter(dim);
    this.dim = dim;
  }

  /**
   * The statistics of no samples.
   *
   * @throws IllegalArgumentException if {@code dim} is not in 1..{@value Scatter#MAX_DIM}
   */
  public static ClassMoments create(int dim) {
    return new ClassMoments(dim);
  }

  /** d. */
  public int dim() {
    return dim;
  }

  /** N. */
  public long samples() {
    return classes.values().stream().mapToLong(ClassMoment::count).sum();
  }

  /**
   * Adds one sample. Cost: d²; {@link #addAll} takes the same for each sample, but reads S once per
   * block.
   *
   * @param features [d], finite; not modified
   * @param label ≥ 0
   */
  public void add(double[] features, int label) {
    addAll(new OneSample(new Matrix(1, features.length, features), label));
  }

  /**
   * Adds all samples, block by block.
   *
   * @throws IllegalArgumentException if they have another width or a negative label
   */
  public void addAll(Samples samples) {
    requireDim(samples.dim());
    for (int from = 0; from < samples.size(); from += BLOCK) {
      int to = Math.min(from + BLOCK, samples.size());
      addBlock(samples, from, to);
    }
  }

  private void addBlock(Samples samples, int from, int to) {
    Map<Integer, List<Integer>> members =
        IntStream.range(from, to)
            .boxed()
            .collect(Collectors.groupingBy(samples::label, TreeMap::new, Collectors.toList()));
    // The residuals of each class, and below them one row for the distance between old and new.
    Matrix rows = new Matrix(to - from + members.size(), dim);
    int at = 0;
    for (Map.Entry<Integer, List<Integer>> member : members.entrySet()) {
      at = moment(member.getKey()).absorb(samples, member.getValue(), rows, at);
    }
    scatter.addRows(rows);
  }

  /**
   * Adds all samples of {@code other}, which is not modified and is not this.
   *
   * @throws IllegalArgumentException if they have another width
   */
  public void combine(ClassMoments other) {
    requireDim(other.dim);
    scatter.add(other.scatter);
    Matrix rows = new Matrix(other.classes.size(), dim);
    int at = 0;
    for (Map.Entry<Integer, ClassMoment> theirs : other.classes.entrySet()) {
      rows.setRow(at++, moment(theirs.getKey()).merge(theirs.getValue()));
    }
    scatter.addRows(rows);
  }

  private ClassMoment moment(int label) {
    if (label < 0) {
      throw new IllegalArgumentException(
          "a sample has the label %d; expected a class of at least 0".formatted(label));
    }
    return classes.computeIfAbsent(label, k -> new ClassMoment(dim));
  }

  private void requireDim(int other) {
    if (other != dim) {
      throw new IllegalArgumentException(
          "features of %d dimensions for statistics of %d; expected as many".formatted(other, dim));
    }
  }

  /** The classes seen, ascending. */
  public int[] classes() {
    return classes.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  /** Everything about one class that is seen: n_k, tr(S_k), μ_k, in a new array [2+d]. */
  public double[] classRow(int label) {
    return classes.get(label).toRow();
  }

  /** Row {@code i} of S, in a new array [d]. */
  public double[] scatterRow(int i) {
    return scatter.row(i);
  }

  /**
   * Puts a class back as {@link #classRow} gave it. Statistics whose rows have all been put back
   * are the same bit for bit.
   *
   * @param row [2+d]; copied
   * @throws IllegalArgumentException if the row has another length
   */
  public void restoreClass(int label, double[] row) {
    requireLength("a class", row, 2 + dim);
    classes.put(label, ClassMoment.ofRow(row));
  }

  /**
   * Puts row {@code i} of S back as {@link #scatterRow} gave it.
   *
   * @param row [d]; copied
   * @throws IllegalArgumentException if the row has another length
   */
  public void restoreScatter(int i, double[] row) {
    requireLength("the scatter", row, dim);
    scatter.setRow(i, row);
  }

  private static void requireLength(String what, double[] row, int length) {
    if (row.length != length) {
      throw new IllegalArgumentException(
          "a row of %s has %d numbers; expected %d".formatted(what, row.length, length));
    }
  }

  /** The class means, seen from that of the lowest class. */
  ClassMeans means() {
    double[] origin = classes.isEmpty() ? new double[dim] : classes.firstEntry().getValue().mean();
    Matrix fromOrigin = new Matrix(classes.size(), dim);
    double squares = 0;
    int slot = 0;
    for (ClassMoment moment : classes.values()) {
      fromOrigin.setRow(slot, moment.mean());
      fromOrigin.addToRow(slot++, -1, origin);
      squares += moment.squares() + moment.count() * Matrix.dot(moment.mean(), moment.mean());
    }
    long[] counts = classes.values().stream().mapToLong(ClassMoment::count).toArray();
    return new ClassMeans(classes(), counts, origin, fromOrigin, squares / samples());
  }

  /** The variance within the classes, with its parts along {@code between}. */
  WithinClass within(RowSpace between) {
    return new WithinClass(
        classes.values().stream().mapToLong(ClassMoment::count).toArray(),
        classes.values().stream().mapToDouble(ClassMoment::squares).toArray(),
        scatter.along(between.directions()));
  }

  private record OneSample(Matrix features, int label) implements Samples {

    @Override
    public int size() {
      return 1;
    }

    @Override
    public int dim() {
      return features.columns();
    }

    @Override
    public int label(int i) {
      return label;
    }

    @Override
    public void read(int i, double[] out) {
      System.arraycopy(features.row(0), 0, out, 0, out.length);
    }
  }
}
