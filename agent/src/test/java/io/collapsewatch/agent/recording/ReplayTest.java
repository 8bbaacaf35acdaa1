package io.collapsewatch.agent.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.agent.publish.EncodedCapture;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that Python wrote: recordings/make_recordings.py. */
class ReplayTest {

  private static final OptionalDouble UNPACED = OptionalDouble.empty();

  @TempDir private Path temp;

  @Test
  void theCapturesOfSeveralRanksComeInTheOrderOfTheirTimes() throws Exception {
    Settled sink = new Settled();
    Replay.Result result = replay(UNPACED, sink, recording(0), recording(1));

    List<Capture> batches = sink.of(FeatureBatch.class);
    assertThat(batches)
        .extracting(batch -> batch.header().step() + "/" + batch.header().rank())
        .startsWith("0/0", "0/1", "1/0", "1/1", "2/0");
    assertThat(batches).extracting(batch -> batch.header().step()).isSorted();
    // Rank 0: run, 3 classifiers, 30 batches, end. Rank 1: run, 30 batches; its end is cut off.
    assertThat(result.captures()).isEqualTo(35 + 31);
    assertThat(result.refused()).isZero();
    assertThat(result.truncated()).containsExactly(recording(1).toString());
    assertThat(sink.of(RunEnded.class)).hasSize(1);
  }

  @Test
  void aRunThatAsksForNoIntervalGetsThatOfItsRecordedPace() throws Exception {
    Settled sink = new Settled();
    replay(UNPACED, sink, recording(0));

    // Ten steps a second.
    RunStarted started = (RunStarted) sink.of(RunStarted.class).get(0);
    assertThat(started.settings().reportEverySteps()).hasValue(10);
    assertThat(started.settings().classes()).hasValue(3);
  }

  /** A window of 3·64 rows takes all of the first 12 batches, and a tenth of it each second. */
  @Test
  void theSamplingDoesNotDependOnTheSpeed() throws Exception {
    Settled fast = new Settled();
    Replay.Result result = replay(UNPACED, fast, recording(0));
    Settled paced = new Settled();
    replay(OptionalDouble.of(1e6), paced, recording(0));

    assertThat(paced.captures).isEqualTo(fast.captures);
    assertThat(result.sampledRows() + result.leftOutRows()).isEqualTo(30 * 16);
    assertThat(result.leftOutRows()).isPositive();
  }

  @Test
  void aSpeedIsKept() throws Exception {
    long begin = System.nanoTime();
    replay(OptionalDouble.of(10), new Settled(), recording(0));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);

    // Three recorded seconds.
    assertThat(took).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void aFileThatEndsAnywhereIsValidUpToTheEntryBefore() throws Exception {
    byte[] whole = Files.readAllBytes(recording(0));
    int first = 8 + 12 + ByteBuffer.wrap(whole, 16, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    for (int bytes : new int[] {first - 1, first, first + 1, first + 11, first + 12}) {
      Path cut = Files.write(temp.resolve("cut.cwrec"), Arrays.copyOf(whole, bytes));
      Replay.Result result = replay(UNPACED, new Settled(), cut);

      assertThat(result.captures()).as("%d bytes", bytes).isEqualTo(bytes < first ? 0 : 1);
      assertThat(result.truncated()).hasSize(bytes == first ? 0 : 1);
    }
  }

  @Test
  void aCaptureThatIsRefusedIsCountedAndTheOthersAreSent() throws Exception {
    byte[] whole = Files.readAllBytes(recording(0));
    byte[] bad = "no capture".getBytes(StandardCharsets.UTF_8);
    ByteBuffer spoilt =
        ByteBuffer.allocate(whole.length + 12 + bad.length).order(ByteOrder.LITTLE_ENDIAN);
    spoilt.put(whole, 0, 8).putLong(1).putInt(bad.length).put(bad).put(whole, 8, whole.length - 8);
    Path file = Files.write(temp.resolve("spoilt.cwrec"), spoilt.array());
    Settled sink = new Settled();
    Replay.Result result = replay(UNPACED, sink, file);

    assertThat(result.captures()).isEqualTo(36);
    assertThat(result.refused()).isEqualTo(1);
    assertThat(result.refusal())
        .isEqualTo(
            Optional.of(
                "the header claims 8463513163313213294 bytes and 2 follow; expected no more than follow"));
    assertThat(sink.of(RunEnded.class)).hasSize(1);
  }

  @Test
  void whatIsNoRecordingIsRefusedBeforeAnythingIsSent() throws Exception {
    Path text = Files.writeString(temp.resolve("notes.txt"), "hello");
    assertRefused(
        text, "\"notes.txt\" is no recording: it does not begin with CWREC and version 1");
    Path missing = temp.resolve("missing.cwrec");
    assertThatThrownBy(() -> replay(UNPACED, new Settled(), missing))
        .isInstanceOf(UnreadableRecordingException.class)
        .hasMessageStartingWith("\"missing.cwrec\" cannot be read (");
    ByteBuffer huge = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    huge.put(Files.readAllBytes(recording(0)), 0, 8).putLong(1).putInt(67_108_865);
    assertRefused(
        Files.write(temp.resolve("huge.cwrec"), huge.array()),
        "\"huge.cwrec\": entry 0 claims 67108865 bytes; expected 1..67108864, a capture");
  }

  private static void assertRefused(Path file, String sentence) throws Exception {
    Settled sink = new Settled();
    assertThatThrownBy(() -> replay(UNPACED, sink, recording(0), file))
        .isInstanceOf(UnreadableRecordingException.class)
        .hasMessage(sentence);
    assertThat(sink.captures).isEmpty();
  }

  private static Replay.Result replay(OptionalDouble speed, CaptureSink sink, Path... files)
      throws InterruptedException {
    return new Replay(List.of(files), speed, sink).run();
  }

  private static Path recording(int rank) throws URISyntaxException {
    return Path.of(
        ReplayTest.class.getResource("/recordings/recorded-rank%d.cwrec".formatted(rank)).toURI());
  }

  /** Delivers everything at once. */
  private static final class Settled implements CaptureSink {

    private final List<Capture> captures = new ArrayList<>();

    List<Capture> of(Class<? extends Capture> kind) {
      return captures.stream().filter(kind::isInstance).toList();
    }

    @Override
    public boolean offer(List<EncodedCapture> offered) {
      for (EncodedCapture each : offered) {
        each.parts().forEach(part -> captures.add(CaptureCodec.decode(ByteBuffer.wrap(part))));
        each.onSettled().run();
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
}
