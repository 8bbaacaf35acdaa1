package io.collapsewatch.protocol;

/**
 * A capture that is refused. The message is one sentence for the person who sent it: what was read,
 * what was expected, the numbers.
 */
public abstract sealed class CaptureException extends RuntimeException
    permits MalformedCaptureException,
        UnsupportedVersionException,
        CaptureTooLargeException,
        MismatchedCaptureException {

  CaptureException(String sentence) {
    super(sentence);
  }

  CaptureException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /**
   * The reason as a short fixed word, for counters and for the {@code reason} header of a dead
   * letter: {@code malformed}, {@code unsupported_version}, {@code too_large} or {@code mismatch}.
   */
  public abstract String reason();
}
