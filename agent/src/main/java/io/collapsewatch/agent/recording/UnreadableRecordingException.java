package io.collapsewatch.agent.recording;

/** A file that is no recording; the message is one sentence for people. */
public final class UnreadableRecordingException extends RuntimeException {

  UnreadableRecordingException(String sentence) {
    super(sentence);
  }

  UnreadableRecordingException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
