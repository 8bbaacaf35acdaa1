package io.collapsewatch.launcher.pipeline;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes something once: at the end of the block, or when the process is told to end, whichever
 * comes first. The JVM waits for it.
 */
public final class AtExit implements AutoCloseable {

  private final AtomicBoolean closed = new AtomicBoolean();
  private final Runnable closing;

  private AtExit(Runnable closing) {
    this.closing = closing;
  }

  /** Registers {@code closing} for the end of the process. */
  public static AtExit run(Runnable closing) {
    AtExit atExit = new AtExit(closing);
    Runtime.getRuntime().addShutdownHook(new Thread(atExit::close, "collapsewatch-exit"));
    return atExit;
  }

  /** Waits until the process is told to end. */
  public void await() {
    while (true) {
      try {
        Thread.currentThread().join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closing.run();
    }
  }
}
