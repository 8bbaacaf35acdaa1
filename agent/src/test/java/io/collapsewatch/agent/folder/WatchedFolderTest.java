package io.collapsewatch.agent.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.CollectingSink;
import io.collapsewatch.agent.capture.Door;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.codec.Safetensors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files in a real folder; the test decides when it is looked into. */
class WatchedFolderTest {

  private static final Tensor FEATURES = Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
  private static final Tensor LABELS = Tensor.ofInts(new int[] {0, 1, 1}, 3);
  private static final Tensor WEIGHTS = Tensor.ofFloats(new float[] {1, 0, 0, 1}, 2, 2);

  @TempDir private Path temp;
  private Path folder;
  private final Logger logger = (Logger) org.slf4j.LoggerFactory.getLogger(WatchedFolder.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final CollectingSink sink = new CollectingSink();
  private CaptureIntake intake;
  private WatchedFolder watched;

  @BeforeEach
  void watch() throws IOException {
    folder = Files.createDirectory(temp.resolve("my checkpoints"));
    lines.start();
    logger.addAppender(lines);
    startAgent();
  }

  @AfterEach
  void stop() {
    watched.close();
    logger.detachAppender(lines);
  }

  @Test
  void aPassBecomesASnapshotOfTheFoldersRun() throws Exception {
    write("epoch_012.safetensors", pass(Map.of()));
    lookTwice();

    CaptureHeader header = CaptureHeader.of("my-checkpoints", 12).withSnapshot("epoch_012", false);
    assertThat(sink.captures())
        .containsExactly(
            ClassifierSnapshot.of(header, WEIGHTS, Optional.empty()),
            FeatureBatch.of(header.withSnapshot("epoch_012", true), FEATURES, LABELS));
    assertThat(folder.resolve("epoch_012.safetensors")).exists();
  }

  @Test
  void whatTheFileSaysOfItselfGoesBeforeItsName() throws Exception {
    write(
        "epoch_012.safetensors",
        pass(
            Map.of(
                "run", "mine", "step", "77", "epoch", "1.5", "split", "test", "layer", "block4")));
    lookTwice();

    assertThat(sink.batches().get(0).header())
        .isEqualTo(
            CaptureHeader.of("mine", 77)
                .withEpoch(1.5)
                .withSource("test", "block4")
                .withSnapshot("epoch_012", true));
  }

  @Test
  void aCaptureIsTakenAsItIs() throws Exception {
    Capture end = new RunEnded(CaptureHeader.of("r", 3));
    write("anything.safetensors", CaptureCodec.encode(end));
    lookTwice();

    assertThat(sink.captures()).containsExactly(end);
  }

  @Test
  void aLargePassComesInBatches() throws Exception {
    int rows = 5000;
    Tensor features = Tensor.ofFloats(new float[rows * 512], rows, 512);
    Tensor labels = Tensor.ofInts(new int[rows], rows);
    Tensor weights = Tensor.ofFloats(new float[2 * 512], 2, 512);
    write(
        "step7.safetensors",
        new Safetensors(
                Map.of(), Map.of("features", features, "labels", labels, "weights", weights))
            .write());
    lookTwice();

    assertThat(sink.batches().stream().mapToInt(FeatureBatch::rows).sum()).isEqualTo(rows);
    assertThat(sink.batches().stream().filter(batch -> batch.header().snapshotEnd()).count())
        .isEqualTo(1);
    assertThat(sink.batches().get(sink.batches().size() - 1).header().snapshotEnd()).isTrue();
  }

  @Test
  void aFileThatStillGrowsIsLeftAlone() throws Exception {
    byte[] whole = pass(Map.of());
    for (int bytes = 100; bytes < whole.length; bytes += 100) {
      write("step1.safetensors", java.util.Arrays.copyOf(whole, bytes));
      watched.look();
    }
    write("step1.safetensors", whole);
    watched.look();
    assertThat(sink.captures()).isEmpty();
    assertThat(lines.list).isEmpty();

    watched.look();
    assertThat(sink.batches()).hasSize(1);
  }

  @Test
  void unfinishedAndForeignNamesAreLeftAlone() throws Exception {
    for (String name : List.of(".step1.npz", "step1.npz.tmp", "step1.safetensors.part", "a.pt")) {
      write(name, pass(Map.of()));
    }
    Files.createDirectory(folder.resolve("step2.npz"));
    lookTwice();
    assertThat(sink.captures()).isEmpty();
    assertThat(lines.list).isEmpty();
  }

  @Test
  void whatIsRefusedIsSaidOnceAndLosesNothingElse() throws Exception {
    write("a1.safetensors", "no tensors".getBytes(StandardCharsets.UTF_8));
    write("b.safetensors", pass(Map.of()));
    write("c2.npz", "no zip".getBytes(StandardCharsets.UTF_8));
    write("d3.safetensors", pass(Map.of("step", "soon")));
    write("e4.safetensors", pass(Map.of()));
    lookTwice();
    settleAll();
    lookTwice();
    restartAgent();
    lookTwice();

    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "\"a1.safetensors\" in %s is refused: the header claims 8030883942550761326 bytes and 2 follow; expected no more than follow"
                .formatted(folder),
            "\"b.safetensors\" in %s is refused: nothing says its step; expected metadata or an array \"step\", or a number in the name of the file"
                .formatted(folder),
            "\"c2.npz\" in %s is refused: it does not open as a zip file; expected an .npz as numpy.savez writes it"
                .formatted(folder),
            "\"d3.safetensors\" in %s is refused: step is \"soon\"; expected a whole number ≥ 0"
                .formatted(folder));
    assertThat(sink.batches()).hasSize(1);
  }

  @Test
  void aPassThatDoesNotFitItsRunIsRefused() throws Exception {
    write("step1.safetensors", pass(Map.of("run", "r")));
    lookTwice();
    Tensor weights = Tensor.ofFloats(new float[6], 3, 2);
    write(
        "step2.safetensors",
        new Safetensors(
                Map.of("run", "r"),
                Map.of("features", FEATURES, "labels", LABELS, "weights", weights))
            .write());
    lookTwice();

    assertThat(lines.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .endsWith("weight has 3 classes and the run has 2; a run keeps its number of classes");
    assertThat(intake.counts().of(Door.FOLDER).received()).isEqualTo(2);
    assertThat(intake.counts().of(Door.FOLDER).taken()).isEqualTo(1);
    assertThat(intake.counts().of(Door.FOLDER).refused()).isEqualTo(1);
  }

  /** The file is sparse: it takes no space, and would take 256 MiB of memory. */
  @Test
  void aFileThatIsTooLargeIsRefusedUnread() throws Exception {
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("step1.safetensors").toFile(), "rw")) {
      file.setLength((256L << 20) + 1);
    }
    lookTwice();
    assertThat(lines.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .endsWith("is refused: it has 268435457 bytes; expected at most 268435456");
  }

  @Test
  void aRestartRepeatsNothingThatIsSettled() throws Exception {
    write("step1.safetensors", pass(Map.of()));
    lookTwice();
    settleAll();
    restartAgent();
    lookTwice();

    assertThat(sink.batches()).hasSize(1);
  }

  @Test
  void whatWasOnItsWayIsTakenAgainAsAnotherPass() throws Exception {
    write("step1.safetensors", pass(Map.of()));
    lookTwice();
    restartAgent();
    lookTwice();

    assertThat(sink.batches())
        .extracting(batch -> batch.header().snapshot().orElseThrow())
        .containsExactly("step1", "again1-step1");
  }

  @Test
  void aFileThatIsWrittenAgainIsTakenAgain() throws Exception {
    write("latest.safetensors", pass(Map.of("step", "1")));
    lookTwice();
    settleAll();
    write("latest.safetensors", pass(Map.of("step", "2")));
    Files.setLastModifiedTime(
        folder.resolve("latest.safetensors"), FileTime.fromMillis(1_900_000_000_000L));
    lookTwice();

    assertThat(sink.batches()).extracting(batch -> batch.header().step()).containsExactly(1L, 2L);
  }

  @Test
  void aLineThatAKilledAgentLeftHalfWrittenIsForgotten() throws Exception {
    write("step1.safetensors", pass(Map.of()));
    lookTwice();
    settleAll();
    watched.close();
    Files.writeString(
        folder.resolve(".collapsewatch-seen"),
        "{\"name\":\"step",
        java.nio.file.StandardOpenOption.APPEND);
    startAgent();
    lookTwice();
    assertThat(sink.batches()).hasSize(1);
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    Path missing = temp.resolve("missing");
    assertThatThrownBy(() -> WatchedFolder.create(missing, intake))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--watch-folder \"%s\" is no folder; expected one that is there", missing);
  }

  private void startAgent() {
    intake = new CaptureIntake(sink, () -> 0);
    watched = WatchedFolder.create(folder, intake);
  }

  private void restartAgent() {
    watched.close();
    startAgent();
  }

  private void lookTwice() throws Exception {
    watched.look();
    watched.look();
  }

  private void settleAll() throws Exception {
    sink.taken().forEach(each -> each.onSettled().run());
    watched.look();
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private static byte[] pass(Map<String, String> metadata) {
    return new Safetensors(
            metadata, Map.of("features", FEATURES, "labels", LABELS, "weights", WEIGHTS))
        .write();
  }
}
