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

  /** Returns whether this was the last part, with which the capture is settled. */
  synchronized boolean partDone(boolean arrived) {
    if (!arrived && !lost) {
      lost = true;
      capture.onLost().run();
    }
    open--;
    if (open == 0) {
      capture.onSettled().run();
    }
    return open == 0;
  }
}
