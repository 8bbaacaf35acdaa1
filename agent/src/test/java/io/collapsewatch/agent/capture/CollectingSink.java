package io.collapsewatch.agent.capture;

import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.agent.publish.EncodedCapture;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.TrainingStats;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it takes in memory, decoded as a consumer would read it. */
public final class CollectingSink implements CaptureSink {

  private final List<EncodedCapture> taken = new ArrayList<>();
  private int triesInVain;
  private boolean full;
  private boolean connected = true;

  @Override
  public synchronized boolean offer(List<EncodedCapture> captures) {
    return !full && taken.addAll(captures);
  }

  public synchronized void full(boolean now) {
    full = now;
    notifyAll();
  }

  /** How often awaiting room is to be in vain, although there is some. */
  synchronized void triesInVain(int tries) {
    triesInVain = tries;
  }

  synchronized int triesInVain() {
    return triesInVain;
  }

  synchronized void connected(boolean now) {
    connected = now;
  }

  public synchronized List<EncodedCapture> taken() {
    return List.copyOf(taken);
  }

  /** Every record, in order. */
  public List<Capture> captures() {
    return taken().stream()
        .flatMap(capture -> capture.parts().stream())
        .map(part -> CaptureCodec.decode(ByteBuffer.wrap(part)))
        .toList();
  }

  public List<FeatureBatch> batches() {
    return of(FeatureBatch.class);
  }

  List<TrainingStats> stats() {
    return of(TrainingStats.class);
  }

  <T extends Capture> List<T> of(Class<T> kind) {
    return captures().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public synchronized boolean connected() {
    return connected;
  }

  @Override
  public synchronized boolean awaitRoom(Duration longest) throws InterruptedException {
    if (triesInVain > 0) {
      triesInVain--;
      return false;
    }
    long end = System.nanoTime() + longest.toNanos();
    while (full && System.nanoTime() < end) {
      wait(longest.toMillis());
    }
    return !full;
  }

  @Override
  public long close(Duration limit) {
    return 0;
  }
}
