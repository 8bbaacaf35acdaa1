package io.collapsewatch.launcher.broker;

/** What was asked for cannot be started here; the message is one sentence for people. */
public final class RefusedStartException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  RefusedStartException(String sentence) {
    super(sentence);
  }

  RefusedStartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
