package io.collapsewatch.dashboard.history;

/** The history cannot be read or written. The message is one sentence. */
public final class HistoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HistoryException(String sentence) {
    super(sentence);
  }

  HistoryException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
