package io.collapsewatch.analyzer.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeSettingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
           0 |   0 | the accuracy of the terminal phase is 0.0; expected a number above 0 and at most 1
           0 | 1.1 | the accuracy of the terminal phase is 1.1; expected a number above 0 and at most 1
           1 |   0 | the number of samples for each class is 0; expected at least 1
           2 |  -1 | the floor of a snapshot is -1.0; expected a finite number above 0
           3 |   0 | the floor of a rolling window is 0.0; expected a finite number above 0
           4 |  -1 | the residual of the model is -1.0; expected a finite number of at least 0
           5 |   2 | the number of reports of a trend is 2; expected at least 3
           6 |   0 | the span of a trend is 0.0; expected a finite number above 0
           7 | NaN | the scatter of a trend is NaN; expected a finite number above 0
           8 |   0 | the confidence of a trend is 0.0; expected a finite number above 0
           9 |   0 | the slack of a flat trend is 0.0; expected a finite number above 0
          10 |   0 | the hold of a state is 0; expected at least 1
          11 |   1 | the factor of a regression is 1.0; expected a finite number above 1
          12 |   0 | the patience before the terminal phase is 0; expected at least 1
          """)
  void refusesASettingOutsideItsRange(int position, double value, String sentence) {
    assertThat(catchThrowable(() -> with(position, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  private static JudgeSettings with(int position, double value) {
    double[] s = {1, 10, 0.05, 0.1, 0.1, 10, 0.4, 0.1, 2, 0.2, 2, 1.5, 60};
    s[position] = value;
    return new JudgeSettings(
        s[0],
        (int) s[1],
        s[2],
        s[3],
        s[4],
        (int) s[5],
        s[6],
        s[7],
        s[8],
        s[9],
        (int) s[10],
        s[11],
        (int) s[12]);
  }
}
