package io.collapsewatch.dashboard.api;

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

  static Refusal badRequest(String sentence) {
    return new Refusal(HttpStatus.BAD_REQUEST, "bad_request", sentence);
  }

  HttpStatus status() {
    return status;
  }

  String reason() {
    return reason;
  }
}
