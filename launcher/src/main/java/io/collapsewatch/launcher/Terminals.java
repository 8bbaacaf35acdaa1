package io.collapsewatch.launcher;

/** Which of the standard streams are terminals: the start script looks, Java has no way to ask. */
final class Terminals {

  private static final String PROPERTY = "collapsewatch.terminals";

  private Terminals() {}

  /** Whether file descriptor 1 (standard output) or 2 (standard error) is a terminal. */
  static boolean has(int descriptor) {
    return System.getProperty(PROPERTY, "").contains(Integer.toString(descriptor));
  }
}
