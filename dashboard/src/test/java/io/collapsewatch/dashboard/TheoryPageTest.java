package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.curve;
import static io.collapsewatch.dashboard.Given.judged;
import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Given.report;
import static io.collapsewatch.dashboard.Given.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What theory says of a run, on its page. */
class TheoryPageTest extends BrowserTest {

  private static final String CAPTION = "document.querySelector('cw-chart .words').textContent";
  private static final String NOTE = "document.querySelector('cw-chart .mark-note').textContent";

  /** Pixels of the first chart in a colour of the style sheet. */
  private static final String PIXELS =
      """
      (() => {
        const probe = document.body.appendChild(document.createElement('span'));
        probe.style.color = 'var(%s)';
        const wanted = getComputedStyle(probe).color.match(/\\d+/g).map(Number).join();
        probe.remove();
        const canvas = document.querySelector('.uplot canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) count += [data[i], data[i + 1], data[i + 2]].join() === wanted;
        return count;
      })()""";

  /** Steps 28 to 560, which the curve runs through. */
  private void bringReports() {
    for (long step = 28; step <= 560; step += 28) {
      dashboard.feed().bring(nc1("digits", step, 20.0 / step));
    }
  }

  private void open(String query) {
    go("run.html?run=digits" + query).until("document.querySelector('.uplot canvas')");
  }

  private String readout() {
    return tab.text("cw-chart .readout ul");
  }

  /**
   * 1000/560 and 10^0.5, by hand: between its points the curve is a straight line in logarithms.
   */
  @Test
  void theModelIsDashedBesideWhatWasMeasured() {
    bringReports();
    dashboard
        .feed()
        .bring(
            report("digits", 560)
                .window("test", "penultimate", Kind.ROLLING)
                .with(MetricKey.NC1, 1)
                .build());
    dashboard.feed().bring(curve("digits", 0, 0.5));
    open("");

    tab.until("document.querySelector('#criteria .readout .dashed')");
    assertThat(readout()).isEqualTo("nc10.0357ce-ufm1.79");
    assertThat(tab.eval(CAPTION).asText())
        .isEqualTo(
            "ce-ufm (dashed), fitted to 33 reports, its terminal phase laid at step 280: differs by a factor of 3.16 on average (residual 0.5).");
    assertThat(count("#criteria .readout .dashed"))
        .as("only where the model has the metric")
        .isOne();
    open("&split=test");
    assertThat(count("#criteria .readout .dashed")).as("of the window it was fitted to").isZero();
  }

  @Test
  void aCurveAppearsLiveGrowsWithTheRunAndGoesWithItsAttempt() {
    bringReports();
    open("");
    assertThat(count("#criteria .readout .dashed")).isZero();

    dashboard.feed().bring(curve("digits", 0, 0.5));
    tab.until("document.querySelector('#criteria .readout .dashed')");
    dashboard.feed().bring(nc1("digits", 1000, 0.02));
    tab.until("document.querySelector('cw-chart .readout ul').textContent === 'nc10.02ce-ufm1'");

    dashboard.feed().bring(report("digits", 5).attempt(1).with(MetricKey.NC1, 0.5).build());
    tab.until("!document.querySelector('#criteria .readout .dashed')");
  }

  @Test
  void aRunOfPassesHasTheModelAtItsPasses() {
    for (long step : new long[] {100, 200}) {
      dashboard
          .feed()
          .bring(
              report("digits", step)
                  .window("train", "penultimate", Kind.SNAPSHOT)
                  .with(MetricKey.NC1, 0.5)
                  .build());
    }
    dashboard.feed().bring(curve("digits", 0, 0.5));
    open("");

    tab.until("document.querySelector('cw-chart .readout ul').textContent === 'nc1● 0.5ce-ufm5'");
  }

  /** Half-way in ln step lies the geometric mean of positive values, the mean of others. */
  @Test
  void aCurveIsReadBetweenItsStepsAndNotBeyond() {
    go("");
    String read =
        """
        import('/ui/lib/model.js').then(({ ModelCurve }) => {
          const curve = new ModelCurve({
            model: 'mse-ufm', reports: 1, aligned: 'start', aligned_step: 5, residual: 0.5, line_residual: 0.25, complete: false,
            steps: [100, 10000], metrics: { nc1: [4, 1], nc3_duality: [4, 0] } });
          return [99, 100, 1000, 10000, 10001].map(step => curve.at('nc1', step))
            .concat(curve.at('nc3_duality', 1000), curve.has('nc2_etf_means'), curve.sentence('nc1')).join('|');
        })""";
    assertThat(tab.eval(read).asText().replace('\u202f', ' '))
        .isEqualTo(
            "|4|2|1||2|false|mse-ufm (dashed), fitted to 1 report, its start laid at step 5: differs by a factor of 3.16 on average (residual 0.5). Over all metrics it is no nearer than flat lines are (0.5 against 0.25), so it explains nothing. Its simulation ended at step 10 000.");
  }

  /** Step 280 lies at (280−28)/(560−28) of the axis, epoch 10 the same. */
  @Test
  void theTerminalPhaseIsMarkedOnEveryChart() {
    bringReports();
    dashboard.feed().bring(judged("digits", RunStatus.State.COLLAPSING));
    tab.size(1280, 3000);
    open("");

    tab.hover("cw-chart .u-over", 252.0 / 532).until(NOTE + " !== ''");
    assertThat(tab.eval(NOTE).asText())
        .isEqualTo(
            "terminal phase since step 280: everything in the window is classified correctly");
    assertThat(
            tab.eval(
                    "[...document.querySelectorAll('.mark-note')].filter(n => n.textContent).length")
                .asInt())
        .as("said by the chart that is pointed at")
        .isOne();
    tab.hover("cw-chart .u-over", 0.8).until(NOTE + " === ''");
  }

  @Test
  void theFloorIsMarkedOnTheChartOfNc1() {
    bringReports();
    open("");
    tab.until(PIXELS.formatted("--good") + " === 0");

    dashboard.feed().bring(judged("digits", RunStatus.State.STALLED));

    tab.until(PIXELS.formatted("--good") + " > 30");
    assertThat(tab.text("cw-run-head .facts")).contains("floor of NC10.1 (setting)");
  }

  @Test
  void alertsAreMarkedWhereTheyBegan() {
    bringReports();
    open("");
    tab.until(PIXELS.formatted("--amber") + " === 0");

    dashboard.feed().bring(alert("digits", Alert.State.STALLED, 400_000));
    tab.until(PIXELS.formatted("--amber") + " > 100");
    tab.hover("cw-chart .u-over", 372.0 / 532).until(NOTE + " !== ''");
    assertThat(tab.eval(NOTE).asText())
        .isEqualTo("stalled from step 400 and still: because of 3 <reports>");

    int firing = tab.eval(PIXELS.formatted("--amber")).asInt();
    dashboard.feed().bring(resolved("digits", Alert.State.STALLED, 400_000, 450_000));
    tab.until(PIXELS.formatted("--amber") + " < %d".formatted(firing / 2));
    tab.hover("cw-chart .u-over", 372.0 / 532).until(NOTE + ".includes('until it was resolved')");
  }

  @ParameterizedTest
  @CsvSource({
    "CONVERGED, ✓converged",
    "STALLED, ▬stalled",
    "REGRESSING, ▲regressing",
    "SILENT, …silent"
  })
  void theHeadSaysTheStateAndTheTrend(RunStatus.State state, String shown) {
    bringReports();
    dashboard.feed().bring(judged("digits", state));
    open("");

    assertThat(tab.text("cw-run-head cw-state")).isEqualTo(shown);
    assertThat(tab.text("cw-run-head .reason"))
        .isEqualTo(
            "because of 3 samples. NC1 falls like step^−0.45 (95 % interval −0.5 … −0.4, 33 reports).");
    assertThat(tab.text("cw-run-head .facts")).contains("terminal phasesince epoch 10, step 280");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.2|0.1|0.3|NC1 rises like step^0.2 (95 % interval 0.1 … 0.3, 12 reports).",
        "-0.1|-0.3|0.1|NC1 is flat: it goes like step^−0.1 (95 % interval −0.3 … 0.1, 12 reports)."
      })
  void aTrendIsSaidInWords(double value, double low, double high, String words) {
    go("");
    assertThat(
            tab.eval(
                    "import('/ui/lib/words.js').then(m => m.trendWords({value: %s, low: %s, high: %s, reports: 12}))"
                        .formatted(value, low, high))
                .asText())
        .isEqualTo(words);
  }

  @Test
  void whatWasPredictedStandsBesideWhatWasMeasured() {
    bringReports();
    dashboard.feed().bring(report("digits", 588).compared("a remark of the window").build());
    open("");
    tab.until("document.querySelectorAll('.theory tbody tr').length === 3");
    assertThat(tab.text(".theory-of"))
        .isEqualTo(
            "Rolling window of step 588, beside the model ce-ufm: samples a class n 180, λ_W 5e-4.");
    assertThat(tab.text(".theory-remark")).isEqualTo("A remark of the window.");
    assertThat(row(1))
        .isEqualTo("Mean margin, beside the model's at its minimum|8.93|8.75|1.02|✓ met");
    assertThat(row(2))
        .isEqualTo(
            "‖w_k‖², mean over the classes, beside the model's at its minimum|5.18|2.5|2.07|✗ off");
    assertThat(row(3)).isEqualTo("ρ, beside the norm μ/(m₂+λ) to which its flow pulls|11.5|–|–|");

    dashboard
        .feed()
        .bring(
            report("digits", 560)
                .window("train", "penultimate", Kind.SNAPSHOT)
                .compared("a remark of the pass")
                .build());
    tab.until(
        "document.querySelector('.theory-of').textContent.startsWith('Snapshot of step 560')");
    assertThat(tab.text(".theory-remark")).isEqualTo("A remark of the pass.");
  }

  private String row(int n) {
    return tab.eval(
            """
            (row => [...row.querySelectorAll('th > span, td[data-ref=measured], td[data-ref=predicted], .verdict b')]
              .map(part => part.textContent).join('|') + '|' + row.querySelector('[data-ref=sign]').textContent
              + row.querySelector('[data-ref=words]').textContent)(document.querySelector('.theory tbody tr:nth-child(%d)'))"""
                .formatted(n))
        .asText();
  }

  @Test
  void aRunThatWasNotHeldAgainstTheorySaysSo() {
    bringReports();
    open("");

    tab.until(
        "document.querySelector('.theory-of').textContent.startsWith('The newest reports of')");
    assertThat(tab.eval("document.querySelector('.theory table').hidden").asBoolean()).isTrue();
  }
}
