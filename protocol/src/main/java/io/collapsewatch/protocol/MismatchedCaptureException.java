package io.collapsewatch.protocol;

/** The capture is well formed but does not fit its run: another K or d, a label outside 0..K−1. */
public final class MismatchedCaptureException extends CaptureException {

  public MismatchedCaptureException(String sentence) {
    super(sentence);
  }

  @Override
  public String reason() {
    return "mismatch";
  }
}
