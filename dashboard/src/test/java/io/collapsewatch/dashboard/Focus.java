package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.browser.Tab;
import java.util.ArrayList;
import java.util.List;

/** Where the keyboard leads. */
final class Focus {

  private static final String NAME =
      "(e => e.getAttribute('aria-label') ?? e.labels?.[0]?.firstChild.textContent.trim() ?? e.textContent.trim())(document.activeElement)";
  private static final String OUTLINE =
      "(s => s.outlineStyle === 'none' ? '0px' : s.outlineWidth)(getComputedStyle(document.activeElement))";

  private Focus() {}

  /**
   * Presses the tabulator from the beginning of the page.
   *
   * @return the name of each element that had the focus, which could be seen
   */
  static List<String> through(Tab tab, int times) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String name = tab.press("Tab").eval(NAME).asText();
      assertThat(
              tab.eval("document.activeElement.matches('body')").asBoolean()
                  || tab.eval(OUTLINE).asText().equals("2px"))
          .as("an outline around %s", name)
          .isTrue();
      names.add(name);
    }
    return names;
  }
}
