package io.collapsewatch.agent.capture;

import java.util.Locale;

/** The ways that captures come in. */
public enum Door {
  HTTP,
  STREAM,
  RECORDER,
  FOLDER;

  /** Its name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
