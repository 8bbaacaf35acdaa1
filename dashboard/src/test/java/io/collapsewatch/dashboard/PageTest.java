package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.curve;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.protocol.WindowReport;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every page does. */
class PageTest extends BrowserTest {

  private static final String MARKUP = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";
  private static final String FOREIGN = "main img, main script, header img, header script";

  @Test
  void textsOfARunAreInert() {
    Map<String, String> tags =
        Map.of(MARKUP, MARKUP, "long", "x".repeat(65_536), "direction", "abc\u202edef");
    dashboard.bringRun("other", REPORTS + 1);
    dashboard.bringRun("hostile", REPORTS, tags);
    dashboard
        .feed()
        .bring(
            Given.report("hostile", 9_000).norm(MARKUP, 7).dropped(MARKUP, 1).build(),
            Given.report("hostile", 9_000)
                .window("train", "penultimate", WindowReport.Kind.SNAPSHOT)
                .compared(MARKUP)
                .build());
    dashboard.feed().bring(curve("hostile", 0, MARKUP, 0.5));

    go("").until("document.querySelector('.runs .tags')?.textContent.includes('<script>')");
    assertThat(count(FOREIGN)).isZero();
    tab.size(1280, 3000);
    go("run.html?run=hostile")
        .until("document.querySelector('.more')?.textContent.includes('<script>')")
        .until("document.querySelector('#training .readout')?.textContent.includes('<script>')")
        .until("document.querySelector('.drops').textContent.includes('<script>')")
        .until("document.querySelector('.theory-remark').textContent.includes('<script>')")
        .until("document.querySelector('cw-chart .words').textContent.includes('<script>')");
    assertThat(count(FOREIGN)).isZero();
    go("compare.html?runs=hostile,other").until("document.querySelector('.uplot canvas')");
    assertThat(count(FOREIGN)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run.html?run=", "compare.html?runs="})
  void textsOfALinkAreInert(String page) {
    go(page + "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E%3Cscript%3Ealert(2)%3C/script%3E")
        .until("!document.querySelector('#problem').hidden");

    assertThat(tab.text("#problem")).contains("<img src=x", "there is no run");
    assertThat(count(FOREIGN)).isZero();
  }

  @Test
  void aServerThatIsGoneIsSaidUntilItIsBack() {
    DemoRun run = dashboard.bringRun("digits", REPORTS);
    int port = dashboard.port();
    go("run.html?run=digits")
        .until("document.querySelector('.connection')?.textContent === 'live'");

    dashboard.close();
    tab.until("document.querySelector('.banner')?.hidden === false");
    dashboard = Running.behind(Door.loopback(port), folder);
    tab.until("document.querySelector('.banner').hidden");
    dashboard.feed().bring(run.rolling(REPORTS + 5));

    tab.until("document.querySelector('cw-chart .at').textContent.replace(/\\D/g, '') === '1848'");
  }

  /** A browser opens six connections to a server, and keeps pages that were left. */
  @Test
  void pagesThatWereLeftKeepNoConnection() {
    dashboard.bringRun("digits", REPORTS);

    for (int i = 0; i < 4; i++) {
      go("").until("document.querySelector('.runs tbody tr')");
      go("run.html?run=digits").until("document.querySelector('.uplot canvas')");
    }
    tab.eval("history.back()");

    tab.until("document.querySelector('.connection')?.textContent === 'live'");
    dashboard.bringRun("new", 1);
    tab.until("document.querySelectorAll('.runs tbody tr').length === 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "run.html?run=digits", "compare.html?runs=digits,another-run"})
  void nothingScrollsSidewaysAt360Pixels(String page) {
    dashboard.bringRun("digits", REPORTS, Map.of("a-tag", "with a value"));
    dashboard.bringRun("another-run", REPORTS);

    tab.size(360, 5000);
    go(page).until("document.querySelector('.runs tbody tr, .uplot canvas')");

    JsonNode overhang =
        tab.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(overhang.asInt()).isZero();
  }

  @Test
  void darkAndLightFollowTheSystemUntilOneIsChosen() {
    dashboard.bringRun("digits", REPORTS);
    String ground = "getComputedStyle(document.body).backgroundColor";
    tab.prefer("light");
    go("").until("document.querySelector('.theme')");
    String light = tab.eval(ground).asText();

    tab.prefer("dark").until(ground + " !== '%s'".formatted(light));
    String dark = tab.eval(ground).asText();
    tab.click(".theme").until(ground + " === '%s'".formatted(light));
    go("run.html?run=digits").until("document.querySelector('.uplot canvas')");

    assertThat(tab.eval(ground).asText()).isEqualTo(light).isNotEqualTo(dark);
    assertThat(tab.text(".theme")).isEqualTo("◐ light");
  }
}
