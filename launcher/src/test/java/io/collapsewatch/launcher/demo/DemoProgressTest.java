package io.collapsewatch.launcher.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.launcher.report.Reports;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoProgressTest {

  private static final WindowReport COLLAPSED =
      Reports.snapshot(
          "digits-batchnorm",
          20,
          Map.of(
              MetricKey.NC1, 0.018345,
              MetricKey.NC2_ETF_WEIGHTS, 0.2284,
              MetricKey.NC3_DUALITY, 0.3291,
              MetricKey.NC4_NCC_MISMATCH, 0.0,
              MetricKey.MARGIN_OPTIMALITY, 0.3102,
              MetricKey.ACCURACY, 1.0));
  private static final WindowReport STALLED =
      Reports.snapshot("digits-plain", 20, Map.of(MetricKey.NC1, 0.4881));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);

  @Test
  void printsALineForEachSnapshotAndATableAtTheEnd() {
    DemoProgress progress = new DemoProgress(DemoRun.all(false), out, false, 20);

    progress.accept(Reports.rolling("digits-batchnorm", 3, Map.of(MetricKey.NC1, 0.5)));
    progress.accept(COLLAPSED);
    progress.accept(STALLED);
    progress.finish();

    assertThat(bytes.toString(UTF_8))
        .isEqualToNormalizingNewlines(
            """
            epoch  20/20  digits-batchnorm  nc1 0.0183  nc2 0.228  nc3 0.329  nc4 0  accuracy 1
            epoch  20/20  digits-plain      nc1 0.488  nc2 –  nc3 –  nc4 –  accuracy –

                                digits-batchnorm      digits-plain
            nc1                           0.0183             0.488
            nc2_etf_weights                0.228                 –
            nc3_duality                    0.329                 –
            nc4_ncc_mismatch                   0                 –
            margin_optimality              0.310                 –
            accuracy                           1                 –
            """);
  }

  @Test
  void movesOneLineWithTheLiveWindowsOnATerminal() {
    DemoProgress progress = new DemoProgress(DemoRun.all(false), out, true, 20);

    progress.accept(Reports.rolling("digits-batchnorm", 3, Map.of(MetricKey.NC1, 0.0771)));
    progress.accept(Reports.rolling("digits-plain", 4, Map.of(MetricKey.NC1, 0.69)));

    assertThat(bytes.toString(UTF_8))
        .isEqualTo(
            "\r\u001b[Kdigits-batchnorm 3/20 nc1 0.0771"
                + "\r\u001b[Kdigits-batchnorm 3/20 nc1 0.0771   digits-plain 4/20 nc1 0.690");
  }

  @Test
  void isCompleteWithTheLastSnapshotOfBoth() {
    DemoProgress progress = new DemoProgress(DemoRun.all(false), out, false, 20);
    progress.accept(COLLAPSED);
    progress.accept(Reports.snapshot("digits-plain", 10, Map.of()));
    assertThat(progress.complete()).isFalse();

    progress.accept(STALLED);

    assertThat(progress.complete()).isTrue();
    assertThat(progress.lastSnapshot(DemoRun.PLAIN)).contains(STALLED);
  }

  @Test
  void isCompleteWithTheThirdWhereThereAreThree() {
    DemoProgress progress = new DemoProgress(DemoRun.all(true), out, false, 20);
    progress.accept(COLLAPSED);
    progress.accept(STALLED);
    assertThat(progress.complete()).isFalse();

    progress.accept(Reports.snapshot("digits-square", 20, Map.of(MetricKey.NC1, 0.027)));
    progress.finish();

    assertThat(progress.complete()).isTrue();
    assertThat(bytes.toString(UTF_8))
        .contains("    digits-batchnorm      digits-plain     digits-square\n")
        .contains("nc1                           0.0183             0.488            0.0270\n");
  }

  @Test
  void theThirdIsSomebodyElsesWhereThereAreTwo() {
    DemoProgress progress = new DemoProgress(DemoRun.all(false), out, false, 20);

    progress.accept(Reports.snapshot("digits-square", 20, Map.of()));

    assertThat(bytes.size()).isZero();
  }

  @Test
  void leavesOtherRunsAlone() {
    DemoProgress progress = new DemoProgress(DemoRun.all(false), out, false, 20);

    progress.accept(Reports.snapshot("somebody-elses", 20, Map.of()));

    assertThat(bytes.size()).isZero();
  }
}
