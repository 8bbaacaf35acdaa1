package io.collapsewatch.protocol.saved;

/** A saved pass that cannot be measured; the message is one sentence for people. */
public final class UnreadablePassException extends RuntimeException {

  public UnreadablePassException(String sentence) {
    super(sentence);
  }

  public UnreadablePassException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
