package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several runs over each other. */
class ComparePageTest extends BrowserTest {

  @Test
  void comparedRunsHaveALineEach() {
    dashboard.bringRun("one", REPORTS);
    dashboard.bringRun("two", REPORTS);

    go("compare.html?runs=one,two&keys=nc3_duality");

    tab.until("document.querySelectorAll('.readout li').length === 2");
    tab.until("[...document.querySelectorAll('.uplot canvas')].some(%s)".formatted(HAS_COLOURS));
    assertThat(tab.text(".chart h3")).isEqualTo("nc3_duality");
  }

  @Test
  void liveReportsMoveTheLines() {
    DemoRun one = dashboard.bringRun("one", REPORTS);
    dashboard.bringRun("two", REPORTS);
    go("compare.html?runs=one,two").until("document.querySelector('.uplot canvas')");

    dashboard.feed().bring(one.rolling(REPORTS));

    tab.until("document.querySelector('cw-chart .at').textContent.replace(/\\D/g, '') === '1708'");
  }

  @Test
  void aSimulatedRunIsAddedDashedAndSaidToBeOne() {
    dashboard.bringRun("digits", REPORTS);
    dashboard.bringRun("model", REPORTS, Map.of("simulated", "ce-ufm"));
    go("compare.html?runs=digits").until("document.querySelector('.uplot canvas')");
    assertThat(tab.text("#note")).isEmpty();
    assertThat(tab.text("[aria-label^=Add]")).contains("model (simulated)");

    enter("[aria-label^=Add]", "model");

    tab.until("document.querySelectorAll('.compared-run').length === 2");
    tab.until("document.querySelectorAll('.readout li').length === 2");
    assertThat(tab.eval("location.search").asText()).isEqualTo("?runs=digits%2Cmodel");
    assertThat(count(".compared-run .simulated:not([hidden])")).isOne();
    assertThat(count(".compared-run > .dashed")).isOne();
    assertThat(count(".readout .dashed")).isOne();
    assertThat(tab.text("#note")).startsWith("A simulated run counts the steps of its model");

    tab.click(".compared-run:last-child button");
    tab.until("document.querySelectorAll('.compared-run').length === 1");
    assertThat(tab.text("#note")).isEmpty();
  }

  /** The made-up runs end at step 1680 and their terminal phases begin at 1120. */
  @Test
  void runsAreMeasuredByTheirOwnTerminalPhase() {
    dashboard.bringRun("digits", REPORTS);
    dashboard.bringRun("early", 20);

    go("compare.html?runs=digits,early&x=phase")
        .until(
            "document.querySelector('cw-chart .at')?.textContent.endsWith('step ÷ terminal step 1.5')");

    assertThat(tab.text("#note"))
        .isEqualTo("Without a terminal phase, and so not on this axis: early.");
    tab.drag("cw-chart .u-over", 0.5, 0.75).until("location.search.includes('from=')");
    tab.until("document.querySelector('cw-chart').plot?.scales.x.max < 1.3");
    assertThat(tab.eval("document.querySelector('cw-chart').plot.scales.x.min").asDouble())
        .isBetween(0.7, 0.8);
  }

  @Test
  void aRunThatIsNotThereIsSaidAndTheOthersAreShown() {
    dashboard.bringRun("one", REPORTS);

    go("compare.html?runs=one,gone").until("document.querySelector('.uplot canvas')");

    assertThat(tab.text("#problem")).startsWith("gone could not be loaded: there is no run");
    assertThat(count(".compared-run")).isOne();
  }
}
