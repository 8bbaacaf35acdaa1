package io.collapsewatch.dashboard.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.dashboard.series.Spark.Point;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparkTest {

  @Test
  void fewPointsAreKeptAsTheyAre() {
    Spark spark = Spark.EMPTY.plus(3, 0.5).plus(6, 0.25);
    assertThat(spark.points()).containsExactly(new Point(3, 0.5), new Point(6, 0.25));
    assertThat(Spark.EMPTY.points()).isEmpty();
  }

  @Test
  void manyPointsBecomeSixtyWithTheExtremesAmongThem() {
    Random random = new Random(5);
    Spark spark = Spark.EMPTY;
    for (int i = 0; i < 10_000; i++) {
      spark = spark.plus(i, i == 1234 ? -9 : i == 8765 ? 9 : random.nextDouble());
      assertThat(spark.points()).hasSizeLessThanOrEqualTo(60);
    }
    assertThat(spark.points())
        .hasSizeGreaterThan(30)
        .contains(new Point(1234, -9), new Point(8765, 9))
        .isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
  }

  @Test
  void itGoesOnFromItsBytesAsIfNothingHadHappened() {
    Spark kept = Spark.EMPTY;
    Spark stored = Spark.EMPTY;
    Random random = new Random(6);
    for (int i = 0; i < 500; i++) {
      double value = random.nextGaussian();
      kept = kept.plus(i, value);
      stored = Spark.decode(stored.encode()).plus(i, value);
    }
    assertThat(stored.points()).isEqualTo(kept.points());
  }
}
