package io.collapsewatch.dashboard.api;

/** The dashboard cannot listen where it was told to. The message is one sentence. */
public final class CannotListenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CannotListenException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
