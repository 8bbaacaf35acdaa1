package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TrainingStatsTest {

  private static final CaptureHeader HEADER = CaptureHeader.of("r", 0);
  private static final OptionalDouble NONE = OptionalDouble.empty();

  @Test
  void layersKeepTheirOrder() {
    Map<String, Double> norms = new LinkedHashMap<>();
    norms.put("stem", 1.0);
    norms.put("head", 2.0);
    norms.put("a", 3.0);
    TrainingStats stats =
        new TrainingStats(HEADER, NONE, NONE, NONE, NONE, norms, Optional.empty());
    assertThat(stats.layerNorms().keySet()).containsExactly("stem", "head", "a");
  }

  @Test
  void numbersOutsideTheirRangeAreRefused() {
    assertRefused(
        OptionalDouble.of(Double.NaN), NONE, Map.of(), "loss is NaN; expected a finite number");
    assertRefused(
        NONE, OptionalDouble.of(97.5), Map.of(), "accuracy is 97.5; expected a share in 0..1");
    assertRefused(
        NONE, OptionalDouble.of(Double.NaN), Map.of(), "accuracy is NaN; expected a share in 0..1");
    assertRefused(
        NONE,
        NONE,
        Map.of("fc\n", -1.0),
        "the norm of layer \"fc\\u000a\" is -1.0; expected a finite number of at least 0");
  }

  private static void assertRefused(
      OptionalDouble loss, OptionalDouble accuracy, Map<String, Double> norms, String sentence) {
    assertThatThrownBy(
            () -> new TrainingStats(HEADER, loss, accuracy, NONE, NONE, norms, Optional.empty()))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage(sentence);
  }
}
