package io.collapsewatch.launcher;

import java.awt.AWTError;
import java.awt.Desktop;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a page for the person at this machine, where there is a browser and a screen. */
final class Browser {

  private static final Logger log = LoggerFactory.getLogger(Browser.class);

  private Browser() {}

  /** Opens the page, or says that it cannot: nothing else depends on it. */
  static void open(String address) {
    try {
      if (GraphicsEnvironment.isHeadless()) {
        log.warn("cannot open {}: there is no screen here", address);
      } else {
        Desktop.getDesktop().browse(URI.create(address));
      }
    } catch (IOException | UnsupportedOperationException | AWTError | LinkageError e) {
      // The errors: DISPLAY names a screen that is not there, as after a session over SSH.
      log.warn("cannot open {}: {}", address, e.getMessage());
    }
  }
}
