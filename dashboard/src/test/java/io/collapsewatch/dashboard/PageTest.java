package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.dashboard.page.Browser;
import io.collapsewatch.dashboard.page.Tab;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real Chromium, in front of a real server and history. */
class PageTest {

  private static final int REPORTS = 60;

  @TempDir private static Path profile;
  private static Browser browser;

  @TempDir private Path folder;
  private Dashboard dashboard;
  private Fed feed;
  private Tab tab;

  @BeforeAll
  static void startBrowser() throws IOException {
    Optional<Path> program = Browser.find();
    boolean required = "true".equals(System.getenv("CI"));
    Assumptions.assumeTrue(
        program.isPresent() || required,
        "the page is not tested: no chromium is on the PATH; apt-get install chromium");
    browser = Browser.start(program.orElseThrow(), profile);
  }

  @AfterAll
  static void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void start() {
    startDashboard(0);
    tab = browser.tab();
  }

  @AfterEach
  void nothingWentWrongInTheBrowser() {
    List<String> problems = tab.problems();
    tab.close();
    dashboard.close();
    assertThat(problems).isEmpty();
  }

  private void startDashboard(int port) {
    DashboardConfig config =
        DashboardConfig.of("none:1", folder.resolve("history.db")).withDoor(Door.loopback(port));
    List<Fed> feeds = new ArrayList<>();
    dashboard =
        Dashboard.create(
            config,
            List::of,
            intake -> {
              feeds.add(new Fed(intake));
              return feeds.get(0);
            });
    dashboard.start();
    feed = feeds.get(0);
  }

  private String address(String path) {
    return "http://127.0.0.1:" + dashboard.port() + "/" + path;
  }

  private DemoRun bringRun(String id, int reports, Map<String, String> tags) {
    DemoRun run = new DemoRun(id, 10, System.currentTimeMillis() - reports * 1000L, 1000);
    for (int n = 0; n < reports; n++) {
      feed.bring(run.rolling(n));
      if (n % 10 == 0) {
        feed.bring(run.snapshot(n, "train"), run.snapshot(n, "test"));
      }
    }
    String reason = "every sample in the window is classified correctly";
    feed.bring(run.status(reports - 1, RunStatus.State.COLLAPSING, reason, tags));
    return run;
  }

  @Test
  void anEmptyPageSaysHowToAttach() {
    tab.go(address("")).until("document.querySelector('cw-empty')?.hidden === false");

    assertThat(tab.text("cw-empty"))
        .contains("./collapsewatch demo", "./collapsewatch up", "curl --fail --data-binary");
  }

  @Test
  void runsAppearAndMoveWithoutAReload() {
    tab.go(address("")).until("document.querySelector('.connection')?.textContent === 'live'");

    DemoRun run = bringRun("first", REPORTS, Map.of());
    tab.until("document.querySelector('.runs .name a')?.textContent === 'first'");
    tab.until("document.querySelector('.runs .step')?.textContent.replace(/\\D/g, '') === '1680'");
    feed.bring(run.rolling(REPORTS));

    tab.until("document.querySelector('.runs .step').textContent.replace(/\\D/g, '') === '1708'");
    assertThat(tab.text(".runs cw-state")).isEqualTo("▼collapsing");
    assertThat(tab.eval("performance.getEntriesByType('navigation').length").asInt()).isOne();
  }

  @Test
  void twoHundredRunsAreListedAndFiltered() {
    IntStream.range(0, 200).forEach(i -> bringRun("run-%03d".formatted(i), 2, Map.of()));

    tab.go(address("")).until("document.querySelectorAll('.runs tbody tr').length === 200");
    tab.eval(
        "(box => { box.value = 'run-19'; box.dispatchEvent(new Event('input')); })(document.querySelector('input[type=search]'))");

    tab.until("document.querySelectorAll('.runs tbody tr').length === 10");
    assertThat(tab.text(".count")).isEqualTo("10 of 200 runs");
  }

  @Test
  void aClickOnAColumnSorts() {
    bringRun("long", 30, Map.of());
    bringRun("short", 3, Map.of());
    tab.go(address("")).until("document.querySelectorAll('.runs tbody tr').length === 2");

    tab.click("th button[value=step]");
    assertThat(tab.text(".runs tbody tr .name a")).isEqualTo("long");
    tab.click("th button[value=step]");

    assertThat(tab.text(".runs tbody tr .name a")).isEqualTo("short");
    assertThat(tab.eval("document.querySelector('th:has([value=step])').ariaSort").asText())
        .isEqualTo("ascending");
  }

  @Test
  void aRunPageDrawsEveryChart() {
    bringRun("digits", REPORTS, Map.of());
    tab.size(1280, 3000).go(address("run.html?run=digits"));

    tab.until("document.querySelectorAll('.uplot canvas').length === 12");
    tab.until(
        "[...document.querySelectorAll('.uplot canvas, cw-cosines canvas')].every(%s)"
            .formatted(HAS_COLOURS));
    assertThat(tab.eval("document.querySelectorAll('cw-cosines canvas').length").asInt())
        .isEqualTo(4);
    assertThat(tab.eval("document.querySelectorAll('.bars li:not([hidden])').length").asInt())
        .isEqualTo(10);
    assertThat(tab.text("#cosines-means .words")).startsWith("The means of classes 3 and 8 are");
    assertThat(tab.text("cw-window")).contains("640");
    assertThat(tab.text(".gauge-value")).matches("0\\.[0-9]+");
  }

  /** A chart of one colour is an empty one. */
  private static final String HAS_COLOURS =
      """
      canvas => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size > 3;
      }""";

  @Test
  void liveReportsReachTheChartsWithoutAReload() {
    DemoRun run = bringRun("digits", REPORTS, Map.of());
    tab.go(address("run.html?run=digits"))
        .until(
            "document.querySelector('cw-chart .at')?.textContent.replace(/\\D/g, '') === '1680'");
    String nc1 = tab.text(".tile-value");

    feed.bring(run.rolling(REPORTS));

    tab.until("document.querySelector('cw-chart .at').textContent.replace(/\\D/g, '') === '1708'");
    assertThat(tab.text(".tile-value")).isNotEqualTo(nc1);
  }

  @Test
  void anAlertAppearsLiveAndIsResolved() {
    bringRun("digits", REPORTS, Map.of());
    tab.go(address("run.html?run=digits")).until("document.querySelector('.uplot canvas')");
    assertThat(tab.eval("document.querySelector('cw-alerts').hidden").asBoolean()).isTrue();

    feed.bring(alert("digits", Alert.State.STALLED, 1000));
    tab.until("document.querySelector('cw-alerts li[data-status=firing]')?.checkVisibility()");
    assertThat(tab.text("cw-alerts cw-state")).isEqualTo("▬stalled");
    assertThat(tab.text("cw-alerts .when")).endsWith("– now");
    assertThat(tab.text("cw-alerts [data-ref=reason]")).isEqualTo("because of 3 <reports>");

    feed.bring(resolved("digits", Alert.State.STALLED, 1000, 61_000));
    feed.bring(alert("digits", Alert.State.STALLED, 1000));
    feed.bring(alert("digits", Alert.State.SILENT, 2000));
    tab.until("document.querySelectorAll('cw-alerts li').length === 2");
    assertThat(tab.text("cw-alerts li:first-child cw-state")).isEqualTo("…silent");
    assertThat(tab.text("cw-alerts li[data-status=resolved] cw-state")).isEqualTo("▬stalled");
    assertThat(tab.text("cw-alerts li[data-status=resolved] .when")).doesNotContain("now");
    tab.go("about:blank").until("!document.querySelector('cw-alerts')");
    tab.go(address("run.html?run=digits"))
        .until("document.querySelectorAll('cw-alerts li').length === 2");
  }

  @Test
  void theListOfRunsCountsTheAlertsThatFire() {
    bringRun("digits", 3, Map.of());
    tab.go(address("")).until("document.querySelector('.runs .alerts')?.hidden");

    feed.bring(
        alert("digits", Alert.State.STALLED, 1000), alert("digits", Alert.State.SILENT, 2000));
    tab.until("document.querySelector('.runs .alerts').checkVisibility()");
    assertThat(tab.text(".runs .alerts")).isEqualTo("! 2");

    feed.bring(
        resolved("digits", Alert.State.STALLED, 1000, 3000),
        resolved("digits", Alert.State.SILENT, 2000, 3000));
    tab.until("document.querySelector('.runs .alerts').hidden");
  }

  @Test
  void draggingOverAChartZoomsAndTheAddressRestoresIt() {
    bringRun("digits", REPORTS, Map.of());
    tab.go(address("run.html?run=digits")).until("document.querySelector('.uplot canvas')");

    tab.drag("cw-chart .u-over", 0.25, 0.5).until("location.search.includes('from=')");
    String view = tab.eval("location.href").asText();
    tab.go("about:blank").go(view).until("document.querySelector('.uplot canvas')");
    tab.eval("document.querySelector('cw-chart .plot').focus()");

    assertThat(tab.eval("location.href").asText()).isEqualTo(view);
    tab.press("0").until("!location.search.includes('from=')");
  }

  @Test
  void plusAndMinusZoomByKeyboard() {
    bringRun("digits", REPORTS, Map.of());
    tab.go(address("run.html?run=digits")).until("document.querySelector('.uplot canvas')");
    tab.eval("document.querySelector('cw-chart .plot').focus()");

    tab.press("+").until("location.search.includes('from=441&to=1267')");

    tab.press("-").until("location.search.includes('from=28&to=1680')");
  }

  @Test
  void csvOfAChartHoldsItsReports() {
    bringRun("digits", REPORTS, Map.of());
    tab.go(address("run.html?run=digits")).until("document.querySelector('cw-chart .save a')");

    JsonNode lines =
        tab.eval(
            "fetch(document.querySelector('cw-chart .save a').href).then(r => r.text()).then(t => t.trim().split(/\\r?\\n/))");

    assertThat(lines).hasSize(1 + REPORTS);
    assertThat(lines.get(0).asText()).isEqualTo("step,epoch,timestamp_ms,nc1");
  }

  @Test
  void comparedRunsHaveALineEach() {
    bringRun("one", REPORTS, Map.of());
    bringRun("two", REPORTS, Map.of());

    tab.go(address("compare.html?runs=one,two&keys=nc3_duality"));

    tab.until("document.querySelectorAll('.readout li').length === 2");
    tab.until("[...document.querySelectorAll('.uplot canvas')].some(%s)".formatted(HAS_COLOURS));
    assertThat(tab.text(".chart h3")).isEqualTo("nc3_duality");
  }

  @Test
  void textsOfARunAreInert() {
    String markup = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";
    Map<String, String> tags =
        Map.of(markup, markup, "long", "x".repeat(65_536), "direction", "abc\u202edef");
    bringRun("hostile", REPORTS, tags);

    tab.go(address(""))
        .until("document.querySelector('.runs .tags')?.textContent.includes('<script>')");
    assertThat(tab.eval("document.querySelectorAll('main img, main script').length").asInt())
        .isZero();
    tab.go(address("run.html?run=hostile"))
        .until("document.querySelector('.more')?.textContent.includes('<script>')");

    assertThat(tab.eval("document.querySelectorAll('main img, main script').length").asInt())
        .isZero();
  }

  @Test
  void aRunThatIsNotThereIsSaid() {
    tab.go(address("run.html?run=nobody")).until("!document.querySelector('#problem').hidden");

    assertThat(tab.text("#problem")).contains("nobody");
  }

  @Test
  void aServerThatIsGoneIsSaidUntilItIsBack() {
    DemoRun run = bringRun("digits", REPORTS, Map.of());
    int port = dashboard.port();
    tab.go(address("run.html?run=digits"))
        .until("document.querySelector('.connection')?.textContent === 'live'");

    dashboard.close();
    tab.until("document.querySelector('.banner')?.hidden === false");
    startDashboard(port);
    tab.until("document.querySelector('.banner').hidden");
    feed.bring(run.rolling(REPORTS + 5));

    tab.until("document.querySelector('cw-chart .at').textContent.replace(/\\D/g, '') === '1848'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "run.html?run=digits", "compare.html?runs=digits,another-run"})
  void nothingScrollsSidewaysAt360Pixels(String page) {
    bringRun("digits", REPORTS, Map.of("a-tag", "with a value"));
    bringRun("another-run", REPORTS, Map.of());

    tab.size(360, 5000).go(address(page));

    tab.until("document.querySelector('.runs tbody tr, .uplot canvas')");
    JsonNode overhang =
        tab.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(overhang.asInt()).isZero();
  }

  @Test
  void darkAndLightFollowTheSystemUntilOneIsChosen() {
    bringRun("digits", REPORTS, Map.of());
    String ground = "getComputedStyle(document.body).backgroundColor";
    tab.prefer("light").go(address("")).until("document.querySelector('.theme')");
    String light = tab.eval(ground).asText();

    tab.prefer("dark").until(ground + " !== '%s'".formatted(light));
    String dark = tab.eval(ground).asText();
    tab.click(".theme").until(ground + " === '%s'".formatted(light));
    tab.go(address("run.html?run=digits")).until("document.querySelector('.uplot canvas')");

    assertThat(tab.eval(ground).asText()).isEqualTo(light).isNotEqualTo(dark);
    assertThat(tab.text(".theme")).isEqualTo("◐ light");
  }
}
