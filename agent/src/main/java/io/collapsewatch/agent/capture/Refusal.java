package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.CaptureTooLargeException;
import io.javalin.http.HttpStatus;

/** A request that is answered with a problem (RFC 9457). */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String reason;

  /**
   * @param reason a short fixed word for programs
   * @param sentence for the person who sent the request
   */
  Refusal(HttpStatus status, String reason, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
    this.reason = reason;
  }

  static Refusal of(CaptureException e) {
    HttpStatus status =
        e instanceof CaptureTooLargeException
            ? HttpStatus.CONTENT_TOO_LARGE
            : HttpStatus.BAD_REQUEST;
    return new Refusal(status, e.reason(), e.getMessage());
  }

  HttpStatus status() {
    return status;
  }

  String reason() {
    return reason;
  }
}
