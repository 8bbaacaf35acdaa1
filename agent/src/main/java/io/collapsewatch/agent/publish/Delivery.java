package io.collapsewatch.agent.publish;

/** One capture on its way: it has arrived when all of its parts have, and is lost when one is. */
final class Delivery {

  private final EncodedCapture capture;
  private int open;
  private boolean lost;

  Delivery(EncodedCapture capture) {
    this.capture = capture;
    this.open = capture.parts().size();
  }

  EncodedCapture capture() {
    return capture;
  }

  /** Returns whether this was the last part. */
  synchronized boolean partDone(boolean arrived) {
    if (!arrived && !lost) {
      lost = true;
      capture.onLost().run();
    }
    open--;
    return open == 0;
  }
}
