package io.collapsewatch.dashboard;

import io.collapsewatch.browser.Browser;
import io.collapsewatch.browser.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Takes pictures of pages, to look at: {@code PagePictures ADDRESS FOLDER PAGE...}, each page wide
 * and narrow, light and dark, from top to bottom.
 */
final class PagePictures {

  private static final int[] WIDTHS = {1280, 360};
  private static final String SETTLED =
      "document.querySelector('.runs tbody tr, .tile-trend:not(:empty), .uplot canvas, cw-empty:not([hidden]), #problem:not([hidden])')";

  private PagePictures() {}

  public static void main(String[] arguments) throws IOException {
    List<String> all = List.of(arguments);
    Path folder = Files.createDirectories(Path.of(all.get(1)));
    try (Browser browser = Browser.start();
        Tab tab = browser.tab()) {
      for (String page : all.subList(2, all.size())) {
        for (int width : WIDTHS) {
          for (String scheme : new String[] {"light", "dark"}) {
            String name = page.replaceAll("[^A-Za-z0-9]+", "-");
            Path file = folder.resolve("%s-%d-%s.png".formatted(name, width, scheme));
            take(tab.prefer(scheme), all.get(0) + page, width, file);
          }
        }
      }
    }
  }

  private static void take(Tab tab, String address, int width, Path file) throws IOException {
    tab.size(width, 900).go("about:blank").go(address).until(SETTLED);
    // Charts load when they come into sight.
    int height = tab.eval("document.documentElement.scrollHeight").asInt();
    tab.size(width, height);
    tab.eval("new Promise(done => setTimeout(done, 1500))");
    tab.size(width, tab.eval("document.documentElement.scrollHeight").asInt());
    tab.eval("new Promise(done => setTimeout(done, 500))");
    Files.write(file, tab.picture());
  }
}
