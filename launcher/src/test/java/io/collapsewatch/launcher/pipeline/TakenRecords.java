package io.collapsewatch.launcher.pipeline;

import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.agent.publish.EncodedCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;

/** What an agent would publish, kept in memory, appended at one and the same time. */
final class TakenRecords implements CaptureSink {

  private final List<TestRecord<String, byte[]>> records = new ArrayList<>();

  List<TestRecord<String, byte[]>> records() {
    return List.copyOf(records);
  }

  @Override
  public boolean offer(List<EncodedCapture> captures) {
    for (EncodedCapture capture : captures) {
      capture.parts().forEach(part -> records.add(new TestRecord<>(capture.run(), part, null, 1L)));
    }
    return true;
  }

  @Override
  public boolean awaitRoom(Duration longest) {
    return true;
  }

  @Override
  public boolean connected() {
    return true;
  }

  @Override
  public long close(Duration limit) {
    return 0;
  }
}
