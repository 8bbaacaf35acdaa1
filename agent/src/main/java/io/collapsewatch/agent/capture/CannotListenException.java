package io.collapsewatch.agent.capture;

/** The capture server cannot listen where it was told to. The message is one sentence. */
public final class CannotListenException extends RuntimeException {

  CannotListenException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
