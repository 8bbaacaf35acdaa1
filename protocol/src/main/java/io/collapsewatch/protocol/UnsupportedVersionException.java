package io.collapsewatch.protocol;

/** The capture says that it is of a version of the format this build does not read. */
public final class UnsupportedVersionException extends CaptureException {

  public UnsupportedVersionException(String sentence) {
    super(sentence);
  }

  @Override
  public String reason() {
    return "unsupported_version";
  }
}
