package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.dashboard.api.Door;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The page of a dashboard with a token, for which the browser itself asks. */
class TokenPageTest extends BrowserTest {

  private static final String TOKEN = "a secret: ü";

  private void startOn(String host) {
    dashboard.close();
    dashboard = Running.behind(new Door(host, 0, Optional.of(TOKEN), Set.of()), folder);
  }

  @Test
  void boundWiderNothingIsShownWithoutTheToken() {
    startOn("0.0.0.0");
    dashboard.bringRun("private", REPORTS);

    for (String page : new String[] {"", "run.html?run=private", "api/v1/runs"}) {
      tab.go("about:blank");
      go(page).until("location.href.startsWith('chrome-error:')");
      assertThat(tab.text("body")).isEmpty();
    }
  }

  @Test
  void boundWiderThePageIsLiveAndHidesRunsOnceTheTokenIsGiven() throws Exception {
    startOn("0.0.0.0");
    DemoRun run = dashboard.bringRun("digits", REPORTS);
    tab.signIn("anybody", TOKEN);
    go("run.html?run=digits").until("document.querySelector('.uplot canvas')");

    dashboard.feed().bring(run.rolling(REPORTS));
    tab.until("document.querySelector('cw-chart .at').textContent.replace(/\\D/g, '') === '1708'");
    tab.click(".hide").click("dialog .primary");

    tab.until("document.querySelector('cw-empty')?.hidden === false");
  }

  @Test
  void onLoopbackOnlyHidingAsksForTheToken() {
    startOn("127.0.0.1");
    dashboard.bringRun("digits", REPORTS);
    go("run.html?run=digits").until("document.querySelector('.uplot canvas')");

    tab.refuseToSignIn().click(".hide").click("dialog .primary");
    tab.until("!document.querySelector('dialog .problem').hidden");
    assertThat(tab.text("dialog .problem"))
        .isEqualTo(
            "digits is not hidden: the token is missing or another; expected \"Authorization: Bearer\" with the dashboard's token, or any name with the token as password.");
    tab.signIn("anybody", TOKEN).click("dialog .primary");

    tab.until("document.querySelector('cw-empty')?.hidden === false");
  }
}
