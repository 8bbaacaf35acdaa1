package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.protocol.Alert;
import org.junit.jupiter.api.Test;

/** Alerts on the pages. */
class AlertsPageTest extends BrowserTest {

  @Test
  void anAlertAppearsLiveAndIsResolved() {
    dashboard.bringRun("digits", REPORTS);
    go("run.html?run=digits").until("document.querySelector('.uplot canvas')");
    assertThat(tab.eval("document.querySelector('cw-alerts').hidden").asBoolean()).isTrue();

    dashboard.feed().bring(alert("digits", Alert.State.STALLED, 1000));
    tab.until("document.querySelector('cw-alerts li[data-status=firing]')?.checkVisibility()");
    assertThat(tab.text("cw-alerts cw-state")).isEqualTo("▬stalled");
    assertThat(tab.text("cw-alerts .when")).endsWith("– now");
    assertThat(tab.text("cw-alerts [data-ref=reason]")).isEqualTo("because of 3 <reports>");

    dashboard.feed().bring(resolved("digits", Alert.State.STALLED, 1000, 61_000));
    dashboard.feed().bring(alert("digits", Alert.State.STALLED, 1000));
    dashboard.feed().bring(alert("digits", Alert.State.SILENT, 2000));
    tab.until("document.querySelectorAll('cw-alerts li').length === 2");
    assertThat(tab.text("cw-alerts li:first-child cw-state")).isEqualTo("…silent");
    assertThat(tab.text("cw-alerts li[data-status=resolved] cw-state")).isEqualTo("▬stalled");
    assertThat(tab.text("cw-alerts li[data-status=resolved] .when")).doesNotContain("now");
    go("run.html?run=digits").until("document.querySelectorAll('cw-alerts li').length === 2");
  }

  @Test
  void theListOfRunsCountsTheAlertsThatFire() {
    dashboard.bringRun("digits", 3);
    go("").until("document.querySelector('.runs .alerts')?.hidden");

    dashboard
        .feed()
        .bring(
            alert("digits", Alert.State.STALLED, 1000), alert("digits", Alert.State.SILENT, 2000));
    tab.until("document.querySelector('.runs .alerts').checkVisibility()");
    assertThat(tab.text(".runs .alerts")).isEqualTo("! 2");

    dashboard
        .feed()
        .bring(
            resolved("digits", Alert.State.STALLED, 1000, 3000),
            resolved("digits", Alert.State.SILENT, 2000, 3000));
    tab.until("document.querySelector('.runs .alerts').hidden");
  }
}
