package io.collapsewatch.dashboard;

import io.collapsewatch.browser.InBrowser;
import io.collapsewatch.browser.Tab;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A tab of a real Chromium in front of a real server and history. */
@ExtendWith(InBrowser.class)
abstract class BrowserTest {

  static final int REPORTS = 60;

  /** A chart of few colours is an empty one. */
  static final String HAS_COLOURS =
      """
      canvas => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size > 3;
      }""";

  @TempDir Path folder;
  Running dashboard;
  Tab tab;

  @BeforeEach
  void start(Tab opened) {
    dashboard = Running.in(folder);
    tab = opened;
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  /** Opens a page of the dashboard. */
  Tab go(String page) {
    return tab.go(dashboard.address(page));
  }

  /** How many elements there are. */
  int count(String selector) {
    return tab.eval("document.querySelectorAll(`%s`).length".formatted(selector)).asInt();
  }

  /** Chooses an entry of a menu, or types into a field, as a person would. */
  void enter(String selector, String value) {
    tab.eval(
        """
        (field => {
          field.value = `%s`;
          for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));
        })(document.querySelector(`%s`))"""
            .formatted(value, selector));
  }
}
