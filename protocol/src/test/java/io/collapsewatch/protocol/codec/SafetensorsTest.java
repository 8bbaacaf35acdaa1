package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.CaptureTooLargeException;
import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  private static final String X = "\"x\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}";

  @Test
  void writesMetadataFirstAndTensorsInOrder() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", Tensor.ofInts(new int[] {-1}, 1));
    tensors.put("a", Tensor.ofFloats(new float[] {1.5f}, 1, 1));
    byte[] blob = new Safetensors(Map.of("k", "v"), tensors).write();
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"z\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[4,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected =
        ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    expected.put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8));
    expected.putInt(-1).putFloat(1.5f);
    assertThat(blob).isEqualTo(expected.array());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void dataBeginsAtAMultipleOfEightBytes(int length) {
    byte[] blob = new Safetensors(Map.of("k", "x".repeat(length)), Map.of()).write();
    assertThat(blob.length % 8).isZero();
    assertThat(Safetensors.read(ByteBuffer.wrap(blob)).metadata())
        .containsExactly(Map.entry("k", "x".repeat(length)));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyTypeSurvivesTheRoundTrip(DType dtype) {
    byte[] bytes = new byte[6 * dtype.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (7 * i);
    }
    Tensor tensor = new Tensor(dtype, new int[] {2, 3}, ByteBuffer.wrap(bytes));
    byte[] blob = new Safetensors(Map.of(), Map.of("t", tensor)).write();
    assertThat(Safetensors.read(ByteBuffer.wrap(blob)).tensors())
        .containsExactly(Map.entry("t", tensor));
  }

  @Test
  void scalarsAndEmptyTensorsSurviveTheRoundTrip() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("empty", Tensor.ofFloats(new float[0], 0, 5));
    tensors.put("scalar", Tensor.ofDoubles(new double[] {2.5}));
    tensors.put("last", Tensor.ofInts(new int[0], 3, 0));
    byte[] blob = new Safetensors(Map.of(), tensors).write();
    assertThat(Safetensors.read(ByteBuffer.wrap(blob)).tensors()).containsExactlyEntriesOf(tensors);
  }

  @Test
  void anyTextSurvivesTheRoundTrip() {
    Map<String, String> texts = Map.of("ß\n\"", "🙂\ud800\u0000 ");
    byte[] blob = new Safetensors(texts, Map.of()).write();
    assertThat(Safetensors.read(ByteBuffer.wrap(blob)).metadata()).isEqualTo(texts);
  }

  @Test
  void readsFromThePositionToTheLimitAndMovesNeither() {
    byte[] blob = blob("{" + X + "}", 4);
    ByteBuffer within = ByteBuffer.allocate(blob.length + 9).put(5, blob).position(5);
    within.limit(5 + blob.length);
    assertThat(Safetensors.read(within).tensors().get("x").size()).isEqualTo(4);
    assertThat(within.position()).isEqualTo(5);
    assertThat(within.limit()).isEqualTo(5 + blob.length);
  }

  @Test
  void tensorsMayLieInAnotherOrderThanTheHeaders() {
    String header =
        "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[3,4]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}";
    assertThat(read(header, 4).tensors().keySet()).containsExactly("b", "a");
  }

  @Test
  void unknownFieldsOfATensorAreIgnored() {
    String header = "{" + X.replace("}", ",\"note\":{\"by\":[1]}}") + "}";
    assertThat(read(header, 4).tensors()).containsKey("x");
  }

  @Test
  void blobsWithoutAWholeLengthAreRefused() {
    assertMalformed(
        new byte[0],
        "the blob has 0 bytes; expected at least 8, which hold the length of the header");
    assertMalformed(
        new byte[7],
        "the blob has 7 bytes; expected at least 8, which hold the length of the header");
  }

  @ParameterizedTest
  @CsvSource({
    "0300000000000000, 3",
    "0000000001000000, 4294967296",
    "ffffffffffffff7f, 9223372036854775807",
    "0000000000000080, 9223372036854775808",
    "ffffffffffffffff, 18446744073709551615",
  })
  void headersLongerThanWhatFollowsAreRefused(String length, String claimed) {
    assertMalformed(
        HexFormat.of().parseHex(length + "7b7d"),
        "the header claims " + claimed + " bytes and 2 follow; expected no more than follow");
  }

  @Test
  void headersBeyondTheLimitAreTooLarge() {
    String longest = "{" + X + "}" + " ".repeat(Limits.HEADER_BYTES - X.length() - 2);
    assertThat(read(longest, 4).tensors()).containsKey("x");
    assertRefused(
        CaptureTooLargeException.class,
        blob(longest + " ", 4),
        "the blob has 262145 bytes in its header; expected at most 262144");
  }

  @Test
  void headersThatAreNotUtf8AreRefused() {
    assertMalformed(
        HexFormat.of().parseHex("0400000000000000" + "7b22ff7d"),
        "the header is not UTF-8 from byte 10 on; expected JSON in UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|the header is ARRAY; expected a JSON object",
        "7|the header is NUMBER; expected a JSON object",
        "`   `|the header is MISSING; expected a JSON object",
      })
  void headersThatAreNoObjectAreRefused(String header, String sentence) {
    assertMalformed(blob(header, 0), sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\"}", "{} {}", "{}x", "{'a':1}", "{\"a\":NaN}", "{\"a\":01}"})
  void headersThatAreNoJsonAreRefused(String header) {
    assertThatThrownBy(() -> read(header, 0))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessageMatching(
            "the header cannot be read at character \\d+: \".+\"; expected one JSON value in which no name is repeated");
  }

  @Test
  void headersThatEndTooEarlyAreRefused() {
    assertMalformed(
        blob("{\"x\":[", 0),
        "the header cannot be read at character 6: it ends too early; expected one JSON value in which no name is repeated");
  }

  @Test
  void repeatedNamesAreRefused() {
    assertMalformed(
        blob("{" + X + "," + X + "}", 4),
        "the header cannot be read at character 56: \"Duplicate field 'x'\"; expected one JSON value in which no name is repeated");
  }

  @Test
  void deepHeadersAreRefused() {
    String sentence =
        "the header nests too deeply or has too long a number; expected at most 4 levels and numbers of at most 32 characters";
    assertMalformed(blob("{\"x\":{\"a\":{\"b\":{\"c\":{}}}}}", 0), sentence);
    assertMalformed(blob("{\"x\":" + "[".repeat(200_000) + "}", 0), sentence);
    assertMalformed(blob("{\"x\":" + "9".repeat(200_000) + "}", 0), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|__metadata__ is ARRAY; expected an object of texts",
        "null|__metadata__ is NULL; expected an object of texts",
        "{\"step\":3}|\"step\" in __metadata__ is \"3\"; expected a text, in quotes",
        "{\"a\":{}}|\"a\" in __metadata__ is \"{}\"; expected a text, in quotes",
      })
  void metadataThatIsNotAllTextIsRefused(String metadata, String sentence) {
    assertMalformed(blob("{\"__metadata__\":" + metadata + "}", 0), sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"BOOL\"", "\"F8_E4M3\"", "\"f32\"", "32"})
  void unknownTypesAreRefusedWithTheKnownOnes(String dtype) {
    assertMalformed(
        blob("{" + X.replace("\"U8\"", dtype) + "}", 4),
        "dtype of tensor \"x\" is \""
            + dtype.replace("\"", "\\\"")
            + "\"; expected one of [F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[-1,-4]", "[4.0]", "[\"4\"]", "[2147483648]", "4", "[null]", "[[4]]"})
  void shapesThatAreNoLengthsAreRefused(String shape) {
    assertMalformed(
        blob("{" + X.replace("[4]", shape) + "}", 4),
        "shape of tensor \"x\" is \""
            + shape.replace("\"", "\\\"")
            + "\"; expected an array of whole numbers in 0..2147483647");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0,5]",
        "[4,0]",
        "[-1,3]",
        "[0]",
        "[0,4,4]",
        "[0.0,4]",
        "[0,18446744073709551620]",
        "{}"
      })
  void offsetsOutsideTheDataAreRefused(String offsets) {
    assertMalformed(
        blob("{" + X.replace("[0,4]", offsets) + "}", 4),
        "data_offsets of tensor \"x\" is \""
            + offsets
            + "\"; expected [begin,end] with 0 ≤ begin ≤ end ≤ 4");
  }

  @ParameterizedTest
  @CsvSource({"dtype,7", "shape,7", "data_offsets,7"})
  void fieldsThatAreMissingAreNamed(String field) {
    String without = "{" + X.replace('"' + field + '"', "\"other\"") + "}";
    assertThatThrownBy(() -> read(without, 4))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessageStartingWith(field + " of tensor \"x\" is missing; expected ");
  }

  @Test
  void offsetsThatLieAboutTheLengthAreRefused() {
    assertMalformed(
        blob("{" + X.replace("[4]", "[2,3]") + "}", 4),
        "tensor \"x\" of type U8 and shape \"[2, 3]\" has 4 bytes; expected 6");
    assertMalformed(
        blob("{" + X.replace("U8", "F64").replace("[4]", "[2147483647,2147483647]") + "}", 4),
        "tensor \"x\" of type F64 and shape \"[2147483647, 2147483647]\" has 4 bytes; expected fewer than 2⁶³ by its shape");
  }

  @Test
  void overlapsAndGapsAreRefused() {
    String y = X.replace("\"x\"", "\"y\"");
    assertMalformed(
        blob("{" + X + "," + y.replace("[0,4]", "[2,6]") + "}", 6),
        "tensor \"y\" begins at byte 2 of the data; expected 4, where the one before it ends");
    assertMalformed(
        blob("{" + X + "," + y.replace("[0,4]", "[6,10]") + "}", 10),
        "tensor \"y\" begins at byte 6 of the data; expected 4, where the one before it ends");
    assertMalformed(
        blob("{" + X + "," + y + "}", 4),
        "tensor \"y\" begins at byte 0 of the data; expected 4, where the one before it ends");
    assertMalformed(
        blob("{" + X + "}", 5),
        "the tensors end at byte 4 of the data, which has 5; expected them to fill it");
  }

  @Test
  void tensorsBeyondTheLimitAreTooLarge() {
    StringBuilder header = new StringBuilder("{\"__metadata__\":{}");
    for (int i = 0; i < 64; i++) {
      header
          .append(",\"t")
          .append(i)
          .append(X.substring(2).replace("[4]", "[0]").replace("[0,4]", "[0,0]"));
    }
    assertThat(read(header + "}", 0).tensors()).hasSize(64);
    String oneMore = header + "," + X + "}";
    assertRefused(
        CaptureTooLargeException.class,
        blob(oneMore, 4),
        "the blob has 65 tensors; expected at most 64");
  }

  @Test
  void whatCouldNotBeReadIsNotWritten() {
    Safetensors wide = new Safetensors(Map.of("k", "x".repeat(Limits.HEADER_BYTES)), Map.of());
    assertThatThrownBy(wide::write)
        .isInstanceOf(CaptureTooLargeException.class)
        .hasMessage("the blob has 262176 bytes in its header; expected at most 262144");
  }

  private static Safetensors read(String header, int dataBytes) {
    return Safetensors.read(ByteBuffer.wrap(blob(header, dataBytes)));
  }

  private static byte[] blob(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static void assertMalformed(byte[] blob, String sentence) {
    assertRefused(MalformedCaptureException.class, blob, sentence);
  }

  private static void assertRefused(
      Class<? extends CaptureException> type, byte[] blob, String sentence) {
    assertThatThrownBy(() -> Safetensors.read(ByteBuffer.wrap(blob)))
        .isInstanceOf(type)
        .hasMessage(sentence);
  }
}
