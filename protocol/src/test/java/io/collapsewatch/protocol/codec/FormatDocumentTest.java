package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowSize;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FORMAT.md says what the code does. */
class FormatDocumentTest {

  private static final String DOCUMENT = read();

  @Test
  void theTableOfMetricsIsTheCatalogue() {
    List<String> expected =
        Arrays.stream(MetricKey.values())
            .map(m -> row("`" + m.key() + "`", m.unit(), m.help().replace("|", "\\|")))
            .toList();
    assertThat(rowsAfter("| key | unit | what it is |")).isEqualTo(expected);
  }

  @Test
  void theTableOfChecksIsTheCatalogue() {
    List<String> expected =
        Arrays.stream(CheckKey.values())
            .map(c -> row("`" + c.key() + "`", c.unit(), c.help().replace("|", "\\|")))
            .toList();
    assertThat(rowsAfter("| check | unit | what it is |")).isEqualTo(expected);
  }

  @Test
  void theTableOfLimitsIsComplete() throws IllegalAccessException {
    List<String> expected = new ArrayList<>();
    for (Field limit : Limits.class.getFields()) {
      expected.add("| `" + limit.getName() + "` | " + limit.get(null) + " |");
    }
    assertThat(rowsAfter("| limit | value | of |"))
        .zipSatisfy(expected, (row, begin) -> assertThat(row).startsWith(begin));
  }

  @Test
  void theTableOfTopicsIsComplete() throws IllegalAccessException {
    List<String> topics = new ArrayList<>();
    for (Field field : Topics.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        topics.add("| `" + field.get(null) + "` |");
      }
    }
    assertThat(rowsAfter("| topic | key | value |"))
        .zipSatisfy(topics, (row, begin) -> assertThat(row).startsWith(begin));
  }

  @Test
  void everyFieldOfAReportIsDescribed() throws IOException {
    String rows = String.join("\n", rowsAfter("| field | value |", "## A report"));
    new JsonMapper()
        .readTree(ReportJson.encode(Reports.full()))
        .fieldNames()
        .forEachRemaining(name -> assertThat(rows).contains("`" + name + "`"));
  }

  @Test
  void everyFieldOfAComparisonAndOfACurveIsDescribed() throws IOException {
    JsonNode report = new JsonMapper().readTree(ReportJson.encode(Reports.full()));
    assertDescribed(report.path("comparison"), "| comparison field | value |");
    assertDescribed(
        report.path("comparison").path("checks").elements().next(), "| comparison field");
    JsonNode curve = new JsonMapper().readTree(FittedCurveJson.encode(FittedCurveJsonTest.FULL));
    assertDescribed(curve, "| curve field | value |");
  }

  private static void assertDescribed(JsonNode object, String heading) {
    String rows = String.join("\n", rowsAfter(heading));
    object.fieldNames().forEachRemaining(name -> assertThat(rows).contains("`" + name + "`"));
  }

  @Test
  void everyFieldOfAStatusIsDescribed() throws IOException {
    JsonNode status = new JsonMapper().readTree(RunStatusJson.encode(RunStatusJsonTest.FULL));
    assertDescribed(status, "| status field | value |");
  }

  @Test
  void everyFieldOfAnAlertIsDescribed() throws IOException {
    String rows = String.join("\n", rowsAfter("| alert field | value |"));
    new JsonMapper()
        .readTree(AlertJson.encode(AlertJsonTest.RESOLVED))
        .fieldNames()
        .forEachRemaining(name -> assertThat(rows).contains("`" + name + "`"));
    assertThat(rows).contains("at most " + Alert.LONGEST_REASON + " characters");
  }

  @Test
  void everyFieldAndTensorOfACaptureIsDescribed() {
    for (Capture capture : Captures.all().values()) {
      Safetensors blob = Safetensors.read(ByteBuffer.wrap(CaptureCodec.encode(capture)));
      Stream.concat(blob.metadata().keySet().stream(), blob.tensors().keySet().stream())
          .map(name -> name.replaceFirst("^dropped\\..*", "dropped.<reason>"))
          .map(name -> name.replaceFirst("^tag\\..*", "tag.<name>"))
          .forEach(name -> assertThat(DOCUMENT).contains("`" + name + "`"));
    }
  }

  @Test
  void theNumbersOfBinsAndWindowsAreThoseOfTheCode() {
    assertThat(DOCUMENT).contains("i from −1000 to 1000", "count in bin −1001");
    assertThat(MarginHistogram.LAST_BIN).isEqualTo(1000);
    assertThat(DOCUMENT).contains("none older than 2000 steps", "at least 2 and at most 64");
    assertThat(WindowSize.MAX_AGE_STEPS).isEqualTo(2000);
    assertThat(WindowSize.samplesPerClass(Limits.CLASSES, Limits.DIM)).isEqualTo(2);
    assertThat(WindowSize.MOST).isEqualTo(64);
  }

  @Test
  void theBytesShownAreThoseOfTheExample() throws IOException {
    byte[] blob = GoldenCapturesTest.golden("from-python");
    for (int line = 0; line < blob.length; line += 16) {
      StringBuilder hex = new StringBuilder("%08x:".formatted(line));
      for (int i = line; i < line + 16; i++) {
        hex.append(" %02x".formatted(blob[i]));
      }
      assertThat(DOCUMENT).contains(hex);
    }
  }

  @Test
  void theScriptWritesTheBytesShown(@TempDir Path folder) throws Exception {
    assumeTrue(runs(folder, "python3", "--version"), "python3 is not installed");
    Matcher script = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(DOCUMENT);
    assertThat(script.find()).isTrue();
    Files.writeString(folder.resolve("example.py"), script.group(1));
    assertThat(runs(folder, "python3", "example.py")).isTrue();
    assertThat(Files.readAllBytes(folder.resolve("batch.safetensors")))
        .isEqualTo(GoldenCapturesTest.golden("from-python"));
  }

  private static boolean runs(Path folder, String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String row(String... cells) {
    return ("| " + String.join(" | ", cells) + " |").replace("|  |", "| |");
  }

  private static List<String> rowsAfter(String heading) {
    return rowsAfter(heading, heading);
  }

  /** The rows of the first table with that heading after {@code place}. */
  private static List<String> rowsAfter(String heading, String place) {
    int from = DOCUMENT.indexOf(heading, DOCUMENT.indexOf(place));
    assertThat(from).as(heading).isNotNegative();
    return DOCUMENT.substring(from).lines().skip(2).takeWhile(row -> row.startsWith("|")).toList();
  }

  private static String read() {
    try {
      return Files.readString(Path.of("FORMAT.md"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
