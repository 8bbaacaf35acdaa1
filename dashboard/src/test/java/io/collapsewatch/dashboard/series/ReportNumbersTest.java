package io.collapsewatch.dashboard.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.collapsewatch.dashboard.Given;
import io.collapsewatch.protocol.MetricKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportNumbersTest {

  @Test
  void everyNumberOfAReportHasAKey() {
    Given report =
        Given.report("r", 3)
            .with(MetricKey.NC1, 0.25)
            .training("loss", 0.5)
            .training("accuracy", 0.75)
            .training("learning_rate", 0.1)
            .training("weight_decay", 0.01)
            .training("something else", 9)
            .dropped("sampled", 4)
            .dropped("buffer_full", 3)
            .seen(2, -1, 3, 4)
            .norm("head,\n\"1\"", 2);

    assertThat(ReportNumbers.of(report.build()))
        .containsExactly(
            entry("nc1", 0.25),
            entry("accuracy_training", 0.75),
            entry("learning_rate", 0.1),
            entry("loss", 0.5),
            entry("weight_decay", 0.01),
            entry("completeness", 0.5),
            entry("oldest_sample_age", 2.0),
            entry("dropped", 7.0),
            entry("seen.count", 3.0),
            entry("seen.mean", 2.0),
            entry("seen.min", -1.0),
            entry("seen.accuracy", 2.0 / 3),
            entry("norm.head,\n\"1\"", 2.0));
    assertThat(ReportNumbers.of(report.build()).keySet()).allMatch(ReportNumbers::known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NC1", "norm.", "accuracy_", "seen.", "timestamp_ms", "nc1 "})
  void otherKeysAreUnknown(String key) {
    assertThat(ReportNumbers.known(key)).isFalse();
  }
}
