package io.collapsewatch.analyzer.collapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.MetricKey;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputPrecisionTest {

  private static final int CLASSES = 4;
  private static final int DIM = 6;
  private static final int PER_CLASS = 5000;

  /**
   * Oracle: what rounding to single precision really adds to nc1, to features that scatter by about
   * a spacing, so that the rounding errors are spread evenly.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 10, 1000})
  void theFloorIsWhatRoundingAdds(double offset) {
    Features exact = new Features(offset, DType.F64);
    Features rounded = new Features(offset, DType.F32);
    double added = metric(rounded, MetricKey.NC1) - metric(exact, MetricKey.NC1);

    assertThat(metric(rounded, MetricKey.NC1_PRECISION_FLOOR))
        .isCloseTo(added, withinPercentage(15));
    assertThat(metric(exact, MetricKey.NC1_PRECISION_FLOOR)).isLessThan(1e-15 * added);
  }

  @Test
  void aCoarserTypeHasAHigherFloor() {
    double single = metric(new Features(10, DType.F32), MetricKey.NC1_PRECISION_FLOOR);
    double brain = metric(new Features(10, DType.BF16), MetricKey.NC1_PRECISION_FLOOR);

    // Roundoffs of 2⁻²⁴ and 2⁻⁸.
    assertThat(brain / single).isCloseTo(0x1p32, withinPercentage(1e-6));
  }

  private static double metric(Samples samples, MetricKey key) {
    return Collapse.measure(samples, Optional.empty()).metrics().get(key).orElseThrow();
  }

  /** Means at 0.5 to 2 around an offset, the same noise of 2⁻²³ of their size for every type. */
  private static final class Features implements Samples {
    private final double[][] rows = new double[CLASSES * PER_CLASS][DIM];
    private final DType type;

    Features(double offset, DType type) {
      this.type = type;
      Random random = new Random(5);
      double[][] means = new double[CLASSES][DIM];
      for (double[] mean : means) {
        for (int j = 0; j < DIM; j++) {
          mean[j] = offset + 0.5 + 1.5 * random.nextDouble();
        }
      }
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < DIM; j++) {
          double mean = means[i % CLASSES][j];
          double x = mean * (1 + 0x1p-23 * random.nextGaussian());
          rows[i][j] = type == DType.F32 ? (float) x : x;
        }
      }
    }

    @Override
    public int size() {
      return rows.length;
    }

    @Override
    public int dim() {
      return DIM;
    }

    @Override
    public double roundoff() {
      return type.roundoff();
    }

    @Override
    public int label(int i) {
      return i % CLASSES;
    }

    @Override
    public void read(int i, double[] out) {
      System.arraycopy(rows[i], 0, out, 0, DIM);
    }
  }
}
