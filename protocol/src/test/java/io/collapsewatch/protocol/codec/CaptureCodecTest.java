package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.CaptureTooLargeException;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import io.collapsewatch.protocol.UnsupportedVersionException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureCodecTest {

  static Iterable<Capture> captures() {
    return Captures.all().values();
  }

  @ParameterizedTest
  @MethodSource("captures")
  void everyKindSurvivesTheRoundTrip(Capture capture) {
    assertThat(roundTrip(capture)).isEqualTo(capture);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyTypeSurvivesTheRoundTrip(DType dtype) {
    DType features = dtype.floating() ? dtype : DType.F32;
    DType labels = dtype.floating() ? DType.I64 : dtype;
    FeatureBatch batch =
        FeatureBatch.of(Captures.BARE, Captures.features(features), Captures.labels(labels));
    FeatureBatch read = (FeatureBatch) roundTrip(batch);
    assertThat(read).isEqualTo(batch);
    assertThat(read.features().toDoubles()).containsExactly(0, .25, .5, .75, 1, 1.25);
    assertThat(read.label(0)).isEqualTo(2);
    assertThat(read.label(1)).isZero();
  }

  @Test
  void defaultsAreNotWritten() {
    assertThat(metadata(Captures.all().get("end")))
        .containsExactly(
            Map.entry("kind", "end"), Map.entry("run", "a-run"), Map.entry("step", "0"));
    assertThat(metadata(Captures.all().get("run"))).hasSize(3);
    assertThat(metadata(Captures.all().get("stats"))).hasSize(3);
    assertThat(metadata(Captures.all().get("classifier"))).hasSize(3);
  }

  @Test
  void everyFieldHasItsNameInTheMetadata() {
    assertThat(metadata(Captures.all().get("end-full")))
        .containsExactly(
            Map.entry("kind", "end"),
            Map.entry("run", "resnet_18.b"),
            Map.entry("step", "4200"),
            Map.entry("epoch", "7.1"),
            Map.entry("split", "test"),
            Map.entry("layer", "block-3"),
            Map.entry("attempt", "1"),
            Map.entry("rank", "2"),
            Map.entry("world_size", "4"),
            Map.entry("seq", "9223372036854775807"),
            Map.entry("snapshot", "epoch-7"),
            Map.entry("snapshot_end", "true"),
            Map.entry("part", "2"),
            Map.entry("parts", "3"),
            Map.entry("dropped.buffer_full", "12"),
            Map.entry("dropped.sampled", "0"));
    assertThat(metadata(Captures.all().get("classifier-part")))
        .containsEntry("row_offset", "5")
        .containsEntry("classes", "10");
    assertThat(metadata(Captures.all().get("run-full")))
        .containsEntry("loss", "cross_entropy")
        .containsEntry("class_counts", "[100,0,9000000000]")
        .containsEntry("expected_interval_s", "0.30000000000000004")
        .containsEntry("bias", "false")
        .containsEntry("tag.host", "gpu-7");
    assertThat(metadata(Captures.all().get("stats-full")))
        .containsEntry("layer_names", "[\"stem\",\"head \\\"\\u00DF\\\"\"]")
        .containsEntry("margin_count", "5")
        .containsEntry("margin_correct", "4");
  }

  @Test
  void whatIsNotKnownIsIgnored() {
    Map<String, Tensor> tensors = batchTensors();
    tensors.put("attention", Tensor.ofInts(new int[] {1}, 1));
    assertThat(decode(Map.of("kind", "batch", "run", "r", "step", "1", "colour", "red"), tensors))
        .isEqualTo(decode(Map.of("kind", "batch", "run", "r", "step", "1"), batchTensors()));
  }

  @Test
  void versionOneMayBeSaid() {
    assertThat(decode(Map.of("kind", "end", "run", "r", "step", "1", "version", "1"), Map.of()))
        .isEqualTo(decode(Map.of("kind", "end", "run", "r", "step", "1"), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "1.0", "", "one"})
  void anotherVersionIsRefused(String version) {
    assertRefused(
        UnsupportedVersionException.class,
        Map.of("version", version, "kind", "batch2"),
        "version is \"%s\"; expected \"1\", the only one that this build reads".formatted(version));
  }

  @Test
  void requiredFieldsThatAreMissingAreNamed() {
    assertMalformed(
        Map.of(), "kind is missing; expected one of run, batch, classifier, stats, end");
    assertMalformed(Map.of("kind", "end"), "run is missing; expected the id of the run");
    assertMalformed(
        Map.of("kind", "end", "run", "r"), "step is missing; expected the optimisation step");
    assertMalformed(
        Map.of("kind", "batch", "run", "r", "step", "0"),
        "features is missing; expected a floating-point tensor [B,d]");
    assertMalformed(
        Map.of("kind", "classifier", "run", "r", "step", "0"),
        "weight is missing; expected a floating-point tensor [K,d]");
    assertMalformed(
        Map.of("kind", "BATCH", "run", "r", "step", "0"),
        "kind is \"BATCH\"; expected one of run, batch, classifier, stats, end");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "step|1e3|step is \"1e3\"; expected a whole number",
        "step|``|step is \"\"; expected a whole number",
        "step|9223372036854775808|step is \"9223372036854775808\"; expected a whole number",
        "step|-1|step is -1; expected at least 0",
        "rank|4294967296|rank is \"4294967296\"; expected a whole number in -2147483648..2147483647",
        "epoch|NaN|epoch is \"NaN\"; expected a finite number",
        "epoch|1e999|epoch is \"1e999\"; expected a finite number",
        "epoch|0x1p3|epoch is \"0x1p3\"; expected a finite number",
        "epoch|-2|epoch is -2.0; expected a finite number of at least 0",
        "snapshot_end|True|snapshot_end is \"True\"; expected true or false",
        "dropped.full|many|dropped.full is \"many\"; expected a whole number",
        "dropped.|1|dropped reason is \"\"; expected [a-z0-9_-]{1,32}",
        "loss|hinge|loss is \"hinge\"; expected cross_entropy or mse",
        "bias|1|bias is \"1\"; expected true or false",
        "class_counts|7|class_counts is \"7\"; expected a JSON array of whole numbers",
        "class_counts|[1,2.5]|class_counts is \"[1,2.5]\"; expected a JSON array of whole numbers",
        "samples_per_class|5|samples_per_class is \"5\"; expected classes beside it, or class_counts in its place",
      })
  void valuesThatCannotBeMeantAreRefused(String field, String value, String sentence) {
    Map<String, String> metadata =
        new LinkedHashMap<>(Map.of("kind", "run", "run", "r", "step", "0"));
    metadata.put(field, value);
    assertMalformed(metadata, sentence);
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "+7, 7", "-0.5e-3, -5e-4", ".5, 0.5", "7., 7", "1E2, 100"})
  void numbersAreReadInEveryDecimalNotation(String text, double expected) {
    Map<String, String> metadata = Map.of("kind", "stats", "run", "r", "step", "0", "loss", text);
    assertThat(((TrainingStats) decode(metadata, Map.of())).loss()).hasValue(expected);
  }

  @Test
  void samplesPerClassStandsForEqualCounts() {
    assertThat(settings(Map.of("classes", "3", "samples_per_class", "50")).classCounts())
        .containsExactly(50L, 50L, 50L);
  }

  @Test
  void classCountsAndSamplesPerClassExcludeEachOther() {
    assertMalformed(
        Map.of(
            "kind",
            "run",
            "run",
            "r",
            "step",
            "0",
            "samples_per_class",
            "5",
            "class_counts",
            "[5,5]"),
        "a run message has both samples_per_class and class_counts; expected one of them");
  }

  @Test
  void anAbsurdNumberOfClassesIsRefusedBeforeItsCountsAreMade() {
    assertMalformed(
        Map.of(
            "kind",
            "run",
            "run",
            "r",
            "step",
            "0",
            "classes",
            "2147483647",
            "samples_per_class",
            "5"),
        "classes is \"2147483647\"; expected 2..1024");
  }

  @Test
  void partOfAClassifierSaysWhichRowsItHolds() {
    Map<String, String> metadata = Map.of("kind", "classifier", "run", "r", "step", "0");
    Map<String, Tensor> tensors = Map.of("weight", Captures.features(DType.F32));
    assertThat(((ClassifierSnapshot) decode(metadata, tensors)).classes()).isEqualTo(2);
    Map<String, String> offset = new LinkedHashMap<>(metadata);
    offset.put("row_offset", "2");
    assertRefused(
        MalformedCaptureException.class,
        offset,
        tensors,
        "weight holds rows 2..3 of a classifier of 2; expected rows within 0..1");
    offset.put("classes", "4");
    offset.put("part", "1");
    offset.put("parts", "2");
    assertThat(((ClassifierSnapshot) decode(offset, tensors)).rowOffset()).isEqualTo(2);
  }

  @Test
  void layersWithoutNamesAreNumbered() {
    Tensor norms = Tensor.ofFloats(new float[] {1.5f, 2}, 2);
    assertThat(((TrainingStats) decode(stats(), Map.of("layer_norms", norms))).layerNorms())
        .containsExactly(Map.entry("0", 1.5), Map.entry("1", 2.0));
    assertThat(metadata(decode(stats(), Map.of("layer_norms", norms))))
        .doesNotContainKey("layer_names");
  }

  @Test
  void layerNamesFitTheNorms() {
    Tensor norms = Tensor.ofFloats(new float[] {1, 2}, 2);
    assertLayersRefused(
        "[\"a\"]", norms, "layer_names has 1 names and layer_norms 2 norms; expected as many");
    assertLayersRefused(
        "[\"a\",\"a\"]",
        norms,
        "layer_names is \"[\\\"a\\\",\\\"a\\\"]\"; expected every name once");
    assertLayersRefused(
        "[\"a\",1]", norms, "layer_names is \"[\\\"a\\\",1]\"; expected a JSON array of texts");
    assertLayersRefused("{}", norms, "layer_names is \"{}\"; expected a JSON array of texts");
    assertLayersRefused(
        "[",
        norms,
        "layer_names cannot be read at character 1: it ends too early; expected one JSON value in which no name is repeated");
    assertLayersRefused(
        "[]",
        Tensor.ofInts(new int[] {1}, 1),
        "layer_norms is I32[1]; expected a vector of F64, F32, F16 or BF16");
  }

  @Test
  void marginStatisticsAreWholeOrAbsent() {
    assertMalformed(
        stats("margin_mean", "1"),
        "margin_count is missing; expected it beside the other numbers of margins");
    assertMarginsRefused(Map.of(), "margin_bins is missing; expected a vector of integers");
    assertMarginsRefused(
        Map.of("margin_bins", ints(1), "margin_counts", Tensor.ofFloats(new float[] {2}, 1)),
        "margin_counts is F32[1]; expected a vector of integers");
    assertMarginsRefused(
        Map.of("margin_bins", ints(1, 2), "margin_counts", ints(2)),
        "margin_bins has 2 entries and margin_counts 1; expected as many");
    assertMarginsRefused(
        Map.of("margin_bins", ints(1, 1), "margin_counts", ints(1, 1)),
        "margin_bins[1] is 1; expected every bin once, in -1001..1000");
    Tensor wide = Tensor.ofLongs(new long[] {1L << 32}, 1);
    assertMarginsRefused(
        Map.of("margin_bins", wide, "margin_counts", ints(2)),
        "margin_bins[0] is 4294967296; expected every bin once, in -1001..1000");
    assertMarginsRefused(
        Map.of("margin_bins", ints(1), "margin_counts", ints(3)),
        "margin statistics of 2 samples with a histogram of 3; expected as many");
  }

  @Test
  void capturesBeyondTheLimitAreTooLarge() {
    assertThatThrownBy(() -> CaptureCodec.decode(ByteBuffer.allocate(Limits.CAPTURE_BYTES + 1)))
        .isInstanceOf(CaptureTooLargeException.class)
        .hasMessage("the capture has 67108865 bytes; expected at most 67108864");
    ByteBuffer zeros = ByteBuffer.allocate(Limits.CAPTURE_BYTES);
    FeatureBatch large =
        FeatureBatch.of(
            Captures.BARE,
            new Tensor(DType.F64, new int[] {1 << 10, 1 << 13}, zeros),
            Tensor.ofInts(new int[1 << 10], 1 << 10));
    assertThatThrownBy(() -> CaptureCodec.encode(large))
        .isInstanceOf(CaptureTooLargeException.class)
        .hasMessage("the capture has 67113176 bytes; expected at most 67108864");
  }

  private static void assertLayersRefused(String names, Tensor norms, String sentence) {
    assertRefused(
        MalformedCaptureException.class,
        stats("layer_names", names),
        Map.of("layer_norms", norms),
        sentence);
  }

  private static void assertMarginsRefused(Map<String, Tensor> tensors, String sentence) {
    Map<String, String> metadata = stats("margin_count", "2");
    metadata.putAll(Map.of("margin_correct", "1", "margin_mean", "0.5"));
    metadata.putAll(Map.of("margin_variance", "0", "margin_min", "0.5"));
    assertRefused(MalformedCaptureException.class, metadata, tensors, sentence);
  }

  private static void assertMalformed(Map<String, String> metadata, String sentence) {
    assertRefused(MalformedCaptureException.class, metadata, sentence);
  }

  private static void assertRefused(
      Class<? extends CaptureException> type, Map<String, String> metadata, String sentence) {
    assertRefused(type, metadata, Map.of(), sentence);
  }

  private static void assertRefused(
      Class<? extends CaptureException> type,
      Map<String, String> metadata,
      Map<String, Tensor> tensors,
      String sentence) {
    assertThatThrownBy(() -> decode(metadata, tensors)).isInstanceOf(type).hasMessage(sentence);
  }

  private static RunSettings settings(Map<String, String> more) {
    Map<String, String> metadata =
        new LinkedHashMap<>(Map.of("kind", "run", "run", "r", "step", "0"));
    metadata.putAll(more);
    return ((RunStarted) decode(metadata, Map.of())).settings();
  }

  private static Map<String, String> stats(String... field) {
    Map<String, String> metadata =
        new LinkedHashMap<>(Map.of("kind", "stats", "run", "r", "step", "0"));
    for (int i = 0; i < field.length; i += 2) {
      metadata.put(field[i], field[i + 1]);
    }
    return metadata;
  }

  private static Map<String, Tensor> batchTensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("features", Captures.features(DType.F32));
    tensors.put("labels", Captures.labels(DType.I64));
    return tensors;
  }

  private static Tensor ints(int... values) {
    return Tensor.ofInts(values, values.length);
  }

  private static Capture decode(Map<String, String> metadata, Map<String, Tensor> tensors) {
    return CaptureCodec.decode(ByteBuffer.wrap(new Safetensors(metadata, tensors).write()));
  }

  private static Capture roundTrip(Capture capture) {
    return CaptureCodec.decode(ByteBuffer.wrap(CaptureCodec.encode(capture)));
  }

  private static Map<String, String> metadata(Capture capture) {
    return Safetensors.read(ByteBuffer.wrap(CaptureCodec.encode(capture))).metadata();
  }
}
