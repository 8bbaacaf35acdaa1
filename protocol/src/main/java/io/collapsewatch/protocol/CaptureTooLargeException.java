package io.collapsewatch.protocol;

/** The capture is larger than a limit of {@link Limits}. */
public final class CaptureTooLargeException extends CaptureException {

  public CaptureTooLargeException(String sentence) {
    super(sentence);
  }

  @Override
  public String reason() {
    return "too_large";
  }
}
