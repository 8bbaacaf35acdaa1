package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.protocol.RunStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The page of all runs. */
class RunsPageTest extends BrowserTest {

  private static final String NAMES =
      "[...document.querySelectorAll('.runs tbody .name a')].map(a => a.textContent).join()";

  @Test
  void anEmptyPageSaysHowToAttach() {
    go("").until("document.querySelector('cw-empty')?.hidden === false");

    assertThat(tab.text("cw-empty"))
        .contains("./collapsewatch demo", "./collapsewatch up", "curl --fail --data-binary");
  }

  @Test
  void runsAppearAndMoveWithoutAReload() {
    go("").until("document.querySelector('.connection')?.textContent === 'live'");
    tab.eval("window.notReloaded = true");

    DemoRun run = dashboard.bringRun("first", REPORTS);
    tab.until("document.querySelector('.runs .name a')?.textContent === 'first'");
    tab.until("document.querySelector('.runs .step')?.textContent.replace(/\\D/g, '') === '1680'");
    dashboard.feed().bring(run.rolling(REPORTS));

    tab.until("document.querySelector('.runs .step').textContent.replace(/\\D/g, '') === '1708'");
    assertThat(tab.text(".runs cw-state")).isEqualTo("▼collapsing");
    assertThat(tab.eval("window.notReloaded").asBoolean()).isTrue();
  }

  @Test
  void aRunThatHasEndedStaysAndIsMarked() {
    DemoRun run = dashboard.bringRun("done", REPORTS);
    go("").until("document.querySelector('.runs cw-state')?.textContent === '▼collapsing'");

    String reason = "the one rank of the run has ended";
    dashboard.feed().bring(run.status(REPORTS, RunStatus.State.ENDED, reason, Map.of()));

    tab.until("document.querySelector('.runs cw-state').textContent === '■ended'");
    assertThat(tab.text(".runs .reason")).isEqualTo(reason);
    go("").until("document.querySelector('.runs cw-state')?.textContent === '■ended'");
    assertThat(tab.text(".runs .nc1")).matches("[0-9.]+");
  }

  @Test
  void twoHundredRunsAreListedAndFiltered() {
    IntStream.range(0, 200).forEach(i -> dashboard.bringRun("run-%03d".formatted(i), 2));

    go("").until("document.querySelectorAll('.runs tbody tr').length === 200");
    enter("input[type=search]", "run-19");

    tab.until("document.querySelectorAll('.runs tbody tr').length === 10");
    assertThat(tab.text(".count")).isEqualTo("10 of 200 runs");
  }

  @Test
  void aClickOnAColumnSorts() {
    dashboard.bringRun("long", 30);
    dashboard.bringRun("short", 3);
    go("").until("document.querySelectorAll('.runs tbody tr').length === 2");

    tab.click("th button[value=step]");
    assertThat(tab.eval(NAMES).asText()).isEqualTo("long,short");
    tab.click("th button[value=step]");

    assertThat(tab.eval(NAMES).asText()).isEqualTo("short,long");
    assertThat(tab.eval("document.querySelector('th:has([value=step])').ariaSort").asText())
        .isEqualTo("ascending");
  }

  @Test
  void filterAndOrderHoldWhileRunsAreLive() {
    dashboard.bringRun("run-long", 30);
    DemoRun overtakes = dashboard.bringRun("run-short", 3);
    dashboard.bringRun("other", 40);
    go("").until("document.querySelectorAll('.runs tbody tr').length === 3");
    enter("input[type=search]", "run");
    tab.click("th button[value=step]");
    assertThat(tab.eval(NAMES).asText()).isEqualTo("run-long,run-short");

    dashboard.feed().bring(overtakes.rolling(100));
    dashboard.bringRun("run-new", 1);
    dashboard.bringRun("another", 1);

    tab.until(NAMES + " === 'run-short,run-long,run-new'");
    tab.until("document.querySelector('.count').textContent === '3 of 5 runs'");
  }

  @Test
  void aRunWhoseStateIsNoLongerFilteredForLeavesTheList() {
    DemoRun run = dashboard.bringRun("done", 3);
    dashboard.bringRun("goes-on", 3);
    go("").until("document.querySelectorAll('.runs tbody tr').length === 2");
    enter("input[type=search]", "collapsing");

    dashboard.feed().bring(run.status(3, RunStatus.State.ENDED, "it has ended", Map.of()));

    tab.until(NAMES + " === 'goes-on'");
    assertThat(tab.text(".count")).isEqualTo("1 of 2 runs");
  }

  @Test
  void aNarrowPageLacksNoNumberOfARun() {
    dashboard.bringRun("digits", REPORTS);
    tab.size(360, 800);
    go("").until("document.querySelectorAll('.runs tbody tr').length === 1");

    for (String number : List.of(".nc1", ".step", ".epoch", ".shape", ".age")) {
      String width = "document.querySelector('.runs td%s').offsetWidth".formatted(number);
      assertThat(tab.eval(width).asInt()).as(number).isPositive();
    }
  }

  @Test
  void theKeyboardReachesWhatTheMouseDoes() {
    dashboard.bringRun("digits", REPORTS);
    dashboard.bringRun("plain", REPORTS);
    go("").until("document.querySelectorAll('.runs tbody tr').length === 2");

    List<String> focused = Focus.through(tab, 20);

    assertThat(focused)
        .containsSubsequence(
            "Skip to the content", "Runs", "Theme: system. Change it", "Filter runs", "Run", "nc1")
        .containsSubsequence("Choose plain", "plain", "Choose digits", "digits");
  }

  @Test
  void runsThatAreChosenAreHiddenOnceThatIsConfirmed() throws Exception {
    for (String run : new String[] {"one", "two", "three"}) {
      dashboard.bringRun(run, 2);
    }
    go("").until("document.querySelectorAll('.runs tbody tr').length === 3");

    tab.click("input[value=one]").click("input[value=two]").click("[data-ref=hide]");
    assertThat(tab.text("dialog h3")).isEqualTo("Hide these 2 runs?");
    assertThat(tab.text("dialog .names")).contains("one", "two");
    tab.press("Escape").until("!document.querySelector('dialog').open");
    assertThat(dashboard.json("/api/v1/runs").get("runs")).hasSize(3);
    tab.click("[data-ref=hide]").click("dialog .primary");

    tab.until(NAMES + " === 'three'");
    tab.until("!document.querySelector('dialog').open");
    assertThat(dashboard.json("/api/v1/runs").get("runs")).hasSize(1);
  }

  @Test
  void aRunThatCannotBeHiddenIsSaid() {
    dashboard.bringRun("kept", 2);
    go("").until("document.querySelectorAll('.runs tbody tr').length === 1");
    tab.click("input[value=kept]").click(".runs-top [data-ref=hide]");
    dashboard.close();

    tab.click("dialog .primary").until("!document.querySelector('dialog .problem').hidden");

    assertThat(tab.text("dialog .problem"))
        .isEqualTo("kept is not hidden: the dashboard's server does not answer.");
  }
}
