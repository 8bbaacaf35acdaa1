package io.collapsewatch.dashboard.history;

import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.curve;
import static io.collapsewatch.protocol.Alert.State.SILENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.dashboard.Fed;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.dashboard.feed.Intake;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.RunStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("new folder").resolve("history.db");
  }

  @Test
  void theFileAndItsFolderAreMade() {
    History.open(file).close();
    assertThat(file).exists();
    History.open(file).close();
  }

  @Test
  void aNewerVersionIsRefused() throws SQLException {
    History.open(file).close();
    execute("PRAGMA user_version = 4");
    assertRefused(
        "the history \"%s\" is of version 4; this build reads versions 1 to 3; start a build that reads it or name another file");
    execute("PRAGMA user_version = 3");
    History.open(file).close();
  }

  /** The golden file was written by the last build whose files were of version 1. */
  @Test
  void aFileOfVersion1KeepsWhatItHoldsAndTakesAlerts() throws IOException {
    copyGolden("history-1.db.gz");
    for (int opened = 1; opened <= 2; opened++) {
      try (History history = History.open(file)) {
        Board board = new Board();
        Fed feed = new Fed(new Intake(history, board));
        assertThat(board.runs()).extracting(WatchedRun::id).containsExactly("kept");
        assertThat(board.run("kept").orElseThrow().state()).contains(RunStatus.State.COLLAPSING);
        assertThat(nc1s(history)).containsExactly(0.25, 0.125);
        assertThat(history.offsets()).containsEntry(Fed.REPORTS, 3L).containsEntry(Fed.RUNS, 1L);
        feed.bring(alert("kept", Alert.State.STALLED, opened));
        assertThat(history.alerts("kept", 100)).hasSize(opened);
      }
    }
  }

  /** Likewise, of version 2: three reports, a status, an alert that fires and one resolved. */
  @Test
  void aFileOfVersion2KeepsWhatItHoldsAndTakesCurves() throws IOException {
    copyGolden("history-2.db.gz");
    for (int opened = 1; opened <= 2; opened++) {
      try (History history = History.open(file)) {
        Board board = new Board();
        Fed feed = new Fed(new Intake(history, board));
        WatchedRun kept = board.run("kept").orElseThrow();
        assertThat(kept.state()).contains(RunStatus.State.COLLAPSING);
        assertThat(kept.alerts().firing()).extracting(Alert::state).containsExactly(SILENT);
        assertThat(nc1s(history)).containsExactly(0.25, 0.125, 0.0625);
        assertThat(history.alerts("kept", 100)).hasSize(2);
        assertThat(history.offsets()).containsEntry(Fed.REPORTS, 3L).containsEntry(Fed.ALERTS, 2L);
        assertThat(history.curve("kept").isPresent()).isEqualTo(opened == 2);
        feed.bring(curve("kept", 0, 0.5));
        assertThat(history.curve("kept")).isPresent();
      }
    }
  }

  private void copyGolden(String name) throws IOException {
    Files.createDirectories(file.getParent());
    try (InputStream golden =
        new GZIPInputStream(HistoryFileTest.class.getResourceAsStream("/golden/" + name))) {
      Files.copy(golden, file);
    }
  }

  private static List<Double> nc1s(History history) {
    List<Double> values = new ArrayList<>();
    history.series(
        new SeriesId("kept", 0, Window.ROLLING),
        StepRange.ALL,
        List.of("nc1"),
        row -> values.add(row.values()[0]));
    return values;
  }

  @Test
  void anotherProgramsDatabaseIsLeftAlone() throws SQLException, IOException {
    Files.createDirectories(file.getParent());
    execute("CREATE TABLE theirs(x)");
    String before = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertRefused("\"%s\" is a database of another program; name another file");
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).equals(before)).isTrue();
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "not a database, but long enough to have a header".repeat(100));
    assertRefused(
        "the history \"%s\" is damaged ([SQLITE_NOTADB] File opened that is not a database file (file is not a database)); move it away to begin an empty one");
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    History.open(file).close();
    byte[] bytes = Files.readAllBytes(file);
    // The header stays, the list of tables behind it does not.
    for (int i = 100; i < 4096; i++) {
      bytes[i] = (byte) 0xa5;
    }
    Files.write(file, bytes);
    assertRefused(
        "the history \"%s\" is damaged ([SQLITE_CORRUPT] The database disk image is malformed (database disk image is malformed)); move it away to begin an empty one");
  }

  @Test
  void aFileThatCannotBeMadeIsRefused() throws IOException {
    Files.createFile(folder.resolve("new folder"));
    assertThatThrownBy(() -> History.open(file))
        .isInstanceOf(HistoryException.class)
        .hasMessageStartingWith("the history \"" + file + "\" cannot be opened: ")
        .hasMessageEndingWith("; name a file that can be written");
  }

  private void assertRefused(String sentence) {
    assertThatThrownBy(() -> History.open(file))
        .isInstanceOf(HistoryException.class)
        .hasMessage(sentence.formatted(file));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }
}
