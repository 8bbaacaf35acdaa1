package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunSettingsTest {

  @Test
  void nothingHasToBeSaid() {
    assertThat(RunSettings.NONE.classes()).isEmpty();
    assertThat(RunSettings.NONE.classCounts()).isEmpty();
    assertThat(RunSettings.NONE.bias()).isEmpty();
  }

  @Test
  void numbersOutsideTheirRangeAreRefused() {
    assertRefused(RunSettings.builder().classes(1), "classes is 1; expected 2..1024");
    assertRefused(RunSettings.builder().classes(4097), "classes is 4097; expected 2..1024");
    assertRefused(RunSettings.builder().dim(0), "dim is 0; expected 1..65536");
    assertRefused(
        RunSettings.builder().reportEverySteps(0), "report_every_steps is 0; expected at least 1");
    assertRefused(
        RunSettings.builder().lossScale(0), "loss_scale is 0.0; expected a finite number above 0");
    assertRefused(
        RunSettings.builder().classCounts(List.of(3L, -1L)),
        "class_counts is -1; expected at least 0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
  void weightDecayIsFiniteAndNotNegative(double decay) {
    assertRefused(
        RunSettings.builder().weightDecay(decay),
        "weight_decay is " + decay + "; expected a finite number of at least 0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void theExpectedIntervalIsFiniteAndPositive(double seconds) {
    assertRefused(
        RunSettings.builder().expectedIntervalSeconds(seconds),
        "expected_interval_s is " + seconds + "; expected a finite number above 0");
  }

  @Test
  void classCountsFitTheClasses() {
    assertRefused(
        RunSettings.builder().classes(3).classCounts(List.of(1L, 2L)),
        "class_counts has 2 entries and classes is 3; expected one entry a class");
    assertRefused(
        RunSettings.builder().classCounts(Collections.nCopies(4097, 1L)),
        "the length of class_counts is 4097; expected 2..1024");
  }

  private static void assertRefused(RunSettings.Builder settings, String sentence) {
    assertThatThrownBy(settings::build)
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage(sentence);
  }

  @Test
  void whatIsSaidHasItsLimits() {
    assertRefused(
        RunSettings.builder().optimizer("x".repeat(129)),
        "optimizer \"" + "x".repeat(80) + "…\" has 129 characters; expected at most 128");
    assertRefused(
        RunSettings.builder().tags(Map.of("name", "x".repeat(Limits.TAG_CHARACTERS))),
        "characters of all tags is 131076; expected 0..131072");
  }
}
