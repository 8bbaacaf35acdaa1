package io.collapsewatch.launcher.pipeline;

import java.util.function.BooleanSupplier;

/** Waits for something that becomes ready by itself and tells nobody. */
public final class Readiness {

  private static final long LOOK_MS = 50;

  private Readiness() {}

  /** Returns when {@code ready} is true, or when the thread is told to stop. */
  public static void await(BooleanSupplier ready) {
    try {
      while (!ready.getAsBoolean()) {
        Thread.sleep(LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
