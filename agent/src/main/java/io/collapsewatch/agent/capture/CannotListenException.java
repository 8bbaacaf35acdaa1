package io.collapsewatch.agent.capture;

/** A door for captures cannot listen where it was told to. The message is one sentence. */
public final class CannotListenException extends RuntimeException {

  public CannotListenException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
