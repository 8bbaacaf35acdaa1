package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The page of one run. */
class RunPageTest extends BrowserTest {

  private static final String PLOT = "document.querySelector('cw-chart').plot";

  private void open(String query) {
    go("run.html?run=digits" + query).until("document.querySelector('.uplot canvas')");
  }

  @Test
  void everyChartIsDrawn() {
    dashboard.bringRun("digits", REPORTS);
    tab.size(1280, 3000);
    open("");

    tab.until("document.querySelectorAll('.uplot canvas').length === 12");
    tab.until(
        "[...document.querySelectorAll('.uplot canvas, cw-cosines canvas')].every(%s)"
            .formatted(HAS_COLOURS));
    tab.until("[...document.querySelectorAll('.readout b')].every(b => /\\d/.test(b.textContent))");
    assertThat(tab.text("#training .readout")).contains("stem", "block-1", "head");
    assertThat(count("cw-cosines canvas")).isEqualTo(4);
    assertThat(count(".bars li:not([hidden])")).isEqualTo(10);
    assertThat(tab.text("#cosines-means .words")).startsWith("The means of classes 3 and 8 are");
    assertThat(tab.text("#cosines-weights .words")).startsWith("The classifiers are nearer to a");
    assertThat(tab.text("cw-window")).contains("640");
    assertThat(tab.text(".gauge-value")).matches("0\\.[0-9]+");
  }

  @Test
  void theMarginsAreAHeatmapBelowTheirQuantiles() {
    dashboard.bringRun("digits", REPORTS);
    tab.size(1280, 3000);
    open("");

    tab.until("document.querySelectorAll('cw-margins .readout b').length === 7");
    tab.until(
        """
        (canvas => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        })(document.querySelector('cw-margins canvas')) > 500""");
    JsonNode quantiles =
        tab.eval(
            "[...document.querySelectorAll('cw-margins .readout b')].map(b => +b.textContent.replace('−', '-'))");
    assertThat(IntStream.range(0, 7).mapToObj(i -> quantiles.get(i).asDouble())).isSorted();
  }

  @Test
  void liveReportsReachTheChartsWithoutAReload() {
    DemoRun run = dashboard.bringRun("digits", REPORTS);
    open("");
    tab.until("document.querySelector('cw-chart .at')?.textContent.replace(/\\D/g, '') === '1680'");
    String nc1 = tab.text(".tile-value");

    dashboard.feed().bring(run.rolling(REPORTS));

    tab.until("document.querySelector('cw-chart .at').textContent.replace(/\\D/g, '') === '1708'");
    assertThat(tab.text(".tile-value")).isNotEqualTo(nc1);
  }

  @Test
  void whatAnEarlierAttemptHadIsNoLongerItsNewest() {
    dashboard.bringRun("digits", REPORTS);
    open("");
    tab.until("document.querySelector('.tile-snapshot').textContent.startsWith('snapshot')");

    dashboard.feed().bring(report("digits", 5).attempt(1).with(MetricKey.NC1, 0.5).build());

    tab.until("document.querySelector('.tile-snapshot').textContent === ''");
    assertThat(tab.text(".tile-value")).isEqualTo("0.5");
  }

  @Test
  void aPageThatWasOpenedBeforeTheFirstReportFillsItself() {
    DemoRun run = new DemoRun("digits", 10, System.currentTimeMillis(), 1000);
    dashboard.feed().bring(run.status(0, RunStatus.State.WAITING, "no report yet", Map.of()));
    tab.size(1280, 3000);
    go("run.html?run=digits").until("document.querySelector('cw-run-head h1').textContent");

    dashboard.feed().bring(run.rolling(0), run.rolling(1));

    tab.until("document.querySelectorAll('.uplot canvas').length === 12");
    tab.until("document.querySelector('#training .readout').textContent.includes('block-1')");
  }

  @Test
  void theMouseReadsTheValuesOfAStep() throws Exception {
    dashboard.bringRun("digits", REPORTS);
    open("");

    tab.hover("cw-chart .u-over", 0.4)
        .until("document.querySelector('cw-chart .at').textContent.startsWith('step')");

    String step = tab.text("cw-chart .at").replaceAll("\\D", "");
    assertThat(Integer.parseInt(step)).isBetween(500, 900);
    JsonNode columns =
        dashboard
            .json("/api/v1/runs/digits/series?keys=nc1&from=%s&to=%s".formatted(step, step))
            .get("columns");
    BigDecimal nc1 = columns.get("nc1").get(0).decimalValue().round(new MathContext(3));
    String rolling = tab.text("cw-chart .readout b").split(" ", 2)[0];
    assertThat(new BigDecimal(rolling)).isEqualByComparingTo(nc1);
  }

  @Test
  void draggingOverAChartZoomsAndTheAddressRestoresIt() {
    dashboard.bringRun("digits", REPORTS);
    open("");

    tab.drag("cw-chart .u-over", 0.25, 0.5).until("location.search.includes('from=')");
    String view = tab.eval("location.href").asText();
    tab.go("about:blank").go(view).until("document.querySelector('.uplot canvas')");
    tab.eval("document.querySelector('cw-chart .plot').focus()");

    assertThat(tab.eval("location.href").asText()).isEqualTo(view);
    tab.press("0").until("!location.search.includes('from=')");
  }

  @Test
  void aLinkRestoresEverythingThatWasChosen() {
    DemoRun run = dashboard.bringRun("digits", REPORTS);
    IntStream.range(0, REPORTS).forEach(n -> dashboard.feed().bring(run.earlierLayer(n)));
    open("");
    enter("select[name=layer]", "block-3");
    enter("select[name=kind]", "rolling");
    enter("select[name=x]", "epoch");
    enter("select[name=y]", "linear");
    tab.click("cw-variants input[value=nc1_cdnv]");
    String view = tab.eval("location.href").asText();

    tab.go("about:blank").go(view).until("document.querySelector('.uplot canvas')");

    JsonNode chosen =
        tab.eval("[...document.querySelectorAll('.view-bar select')].map(s => s.value).join()");
    assertThat(chosen.asText()).isEqualTo("train,block-3,rolling,epoch,linear");
    assertThat(tab.text("cw-chart .at")).isEqualTo("newest: epoch 60");
    assertThat(tab.text("cw-chart .readout")).contains("nc1_cdnv").doesNotContain("●");
    enter("select[name=layer]", "penultimate");
    enter("select[name=split]", "test");
    enter("select[name=kind]", "snapshot");
    String passes = tab.eval("location.href").asText();
    tab.go("about:blank").go(passes);
    tab.until("document.querySelector('cw-chart .readout')?.textContent.includes('●')");
    assertThat(tab.eval("document.querySelector('select[name=split]').value").asText())
        .isEqualTo("test");
  }

  /** ln ln 1680 = 2.005, by hand. */
  @Test
  void aRunIsDrawnOverLnLnStepAndLinearly() {
    dashboard.bringRun("digits", REPORTS);
    open("&x=lnln&y=log");
    tab.until("document.querySelector('cw-chart .at').textContent === 'newest: ln ln step 2.01'");
    assertThat(tab.eval(PLOT + ".scales.x.max").asDouble()).isCloseTo(2.005, within(0.001));
    assertThat(tab.eval(PLOT + ".scales.y.distr").asInt()).as("logarithmic").isEqualTo(3);

    open("&y=linear");

    tab.until(PLOT + "?.scales.x.max === 1680");
    assertThat(tab.eval(PLOT + ".scales.y.distr").asInt()).as("linear").isEqualTo(1);
  }

  @Test
  void plusAndMinusZoomByKeyboard() {
    dashboard.bringRun("digits", REPORTS);
    open("");
    tab.eval("document.querySelector('cw-chart .plot').focus()");

    tab.press("+").until("location.search.includes('from=441&to=1267')");

    tab.press("-").until("location.search.includes('from=28&to=1680')");
  }

  @Test
  void theKeyboardReachesEveryPartAndReadsValues() {
    dashboard.bringRun("digits", REPORTS);
    tab.size(1280, 3000);
    open("");

    List<String> focused = Focus.through(tab, 90);

    assertThat(focused)
        .containsSubsequence(
            "Hide run", "Settings and tags", "Split", "Layer", "Windows", "Over", "Scale")
        .containsSubsequence("Scale", "Zoom out", "all", "Zoom in", "Variants", "Save");
    for (String chart :
        List.of(
            "NC1 · variability, ",
            "NC4 · nearest centre, ",
            "Margins of rolling windows",
            "Cosines between class means. ",
            "Layer norms, ",
            "Messages lost, ")) {
      assertThat(focused).anyMatch(name -> name.startsWith(chart));
    }
    tab.eval("document.querySelector('cw-chart .plot').focus()");
    tab.press("ArrowLeft").press("ArrowLeft");
    assertThat(tab.text("cw-chart .at").replaceAll("\\D", "")).isEqualTo("1652");
  }

  @Test
  void csvOfAChartHoldsItsReports() {
    dashboard.bringRun("digits", REPORTS);
    open("");

    JsonNode lines =
        tab.eval(
            "fetch(document.querySelector('cw-chart .save a').href).then(r => r.text()).then(t => t.trim().split(/\\r?\\n/))");

    assertThat(lines).hasSize(1 + REPORTS);
    assertThat(lines.get(0).asText()).isEqualTo("step,epoch,timestamp_ms,nc1");
  }

  @Test
  void aChartIsSavedAsAPicture() throws Exception {
    dashboard.bringRun("digits", REPORTS);
    open("");
    Path downloads = Files.createDirectory(folder.resolve("downloads"));
    Path picture = downloads.resolve("digits-nc1-variability.png");

    tab.saveInto(downloads).click("cw-chart .save button");

    await().until(() -> Files.exists(picture));
    BufferedImage image = ImageIO.read(picture.toFile());
    JsonNode canvas =
        tab.eval("(c => [c.width, c.height])(document.querySelector('.uplot canvas'))");
    assertThat(image.getWidth()).isEqualTo(canvas.get(0).asInt()).isGreaterThan(500);
    assertThat(image.getHeight()).as("with a head").isEqualTo(canvas.get(1).asInt() + 46);
    int[] colours =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    assertThat(IntStream.of(colours).distinct().count()).isGreaterThan(50);
  }

  @Test
  void aRunThatIsNotThereIsSaid() {
    go("run.html?run=nobody").until("!document.querySelector('#problem').hidden");

    assertThat(tab.text("#problem"))
        .isEqualTo(
            "This run could not be loaded: there is no run \"nobody\"; GET /api/v1/runs lists those that there are.");
    assertThat(count(".hide:not([hidden])")).isZero();
  }

  @Test
  void aRunIsHiddenOnceThatIsConfirmed() throws Exception {
    dashboard.bringRun("digits", REPORTS);
    dashboard.bringRun("plain", REPORTS);
    open("");

    tab.click(".hide");
    assertThat(tab.text("dialog")).contains("Hide this run?", "digits");
    tab.press("Enter").until("!document.querySelector('dialog').open");
    assertThat(dashboard.json("/api/v1/runs").get("runs")).as("cancelled").hasSize(2);
    tab.click(".hide").click("dialog .primary");

    tab.until("document.querySelector('.runs .name a')?.textContent === 'plain'");
    assertThat(dashboard.json("/api/v1/runs").get("runs")).hasSize(1);
  }
}
