package io.collapsewatch.protocol;

/**
 * The bytes are no capture: not safetensors, a field missing or out of range, a value not finite.
 */
public final class MalformedCaptureException extends CaptureException {

  public MalformedCaptureException(String sentence) {
    super(sentence);
  }

  public MalformedCaptureException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  @Override
  public String reason() {
    return "malformed";
  }
}
