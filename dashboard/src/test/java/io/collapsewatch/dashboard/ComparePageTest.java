package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

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
  void aRunThatIsNotThereIsSaidAndTheOthersAreShown() {
    dashboard.bringRun("one", REPORTS);

    go("compare.html?runs=one,gone").until("document.querySelector('.uplot canvas')");

    assertThat(tab.text("#problem")).startsWith("gone could not be loaded: there is no run");
    assertThat(count(".compared-run")).isOne();
  }
}
