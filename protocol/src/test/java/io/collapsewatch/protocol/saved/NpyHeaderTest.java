package io.collapsewatch.protocol.saved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {

  /** Oracle: IEEE 754 and two's complement, written by hand. */
  @ParameterizedTest
  @CsvSource({
    "<f8, F64, 000000000000f83f, 1.5",
    ">f8, F64, 3ff8000000000000, 1.5",
    "<f4, F32, 0000c03f, 1.5",
    ">f4, F32, 3fc00000, 1.5",
    "<f2, F16, 003e, 1.5",
    ">f2, F16, 3e00, 1.5",
    "<i8, I64, feffffffffffffff, -2",
    ">i8, I64, fffffffffffffffe, -2",
    "<i4, I32, feffffff, -2",
    ">i4, I32, fffffffe, -2",
    "<i2, I16, feff, -2",
    ">i2, I16, fffe, -2",
    "|i1, I8, fe, -2",
    "<i1, I8, fe, -2",
    "<u8, U64, 0300000000000000, 3",
    ">u8, U64, 0000000000000003, 3",
    "<u4, U32, feffffff, 4294967294",
    ">u2, U16, fffe, 65534",
    "|u1, U8, fe, 254",
    "|b1, U8, 01, 1",
  })
  void everyPlainTypeIsRead(String descr, DType dtype, String bytes, double expected)
      throws IOException {
    Tensor tensor = read(Npy.of(descr, false, "(1,)", HexFormat.of().parseHex(bytes)));
    assertThat(tensor.dtype()).isEqualTo(dtype);
    assertThat(tensor.shape()).containsExactly(1);
    assertThat(tensor.doubleAt(0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyVersionIsRead(int version) throws IOException {
    byte[] npy =
        Npy.withHeader(version, Npy.dictionary("'|u1'", false, "(2, 3)"), bytes(1, 2, 3, 4, 5, 6));
    assertThat(read(npy).toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void columnsBecomeRows() throws IOException {
    Tensor tensor = read(Npy.of("|u1", true, "(2, 3)", bytes(1, 4, 2, 5, 3, 6)));
    assertThat(tensor.shape()).containsExactly(2, 3);
    assertThat(tensor.toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void bigEndianColumnsBecomeLittleEndianRows() throws IOException {
    Tensor tensor = read(Npy.of(">u2", true, "(2, 2)", bytes(0, 1, 0, 3, 0, 2, 0, 4)));
    assertThat(tensor.toDoubles()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void vectorsHaveNoOrderOfAxes() throws IOException {
    assertThat(read(Npy.of("|u1", true, "(3,)", bytes(1, 2, 3))).toDoubles())
        .containsExactly(1, 2, 3);
    assertThat(read(Npy.of("|u1", false, "()", bytes(7))).toDoubles()).containsExactly(7);
  }

  @Test
  void keysMayComeInAnyOrderAndEitherQuote() throws IOException {
    String text = "{\"shape\": (1, 2), 'fortran_order':False,'descr':\"|u1\"}";
    assertThat(read(Npy.withHeader(1, text, bytes(1, 2))).shape()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "|O, Python objects",
    "<U5, texts",
    "|S5, texts",
    "<c16, complex numbers",
    "<M8[ns], times",
    "|V8, raw bytes",
    "<f16, elements",
    "=f4, elements",
    "|f4, elements",
    "f, elements",
  })
  void refusesWhatIsNoPlainNumber(String descr, String kind) {
    assertRefused(
        Npy.of(descr, false, "(1,)", new byte[16]),
        "x.npy holds %s of the type \"%s\"; expected plain numbers: f2, f4, f8, i1 to i8, u1 to u8 or b1"
            .formatted(kind, descr));
  }

  @Test
  void refusesRecords() {
    byte[] npy = Npy.withHeader(1, Npy.dictionary("[('x', '<f4')]", false, "(1,)"), bytes(0));
    assertRefused(
        npy,
        "x.npy holds records of fields; expected plain numbers: f2, f4, f8, i1 to i8, u1 to u8 or b1");
  }

  @Test
  void refusesAnotherFile() {
    assertRefused(
        bytes(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0),
        "x.npy begins with the bytes 50 4b 03 04 14 00 00 00; expected those of a .npy file of version 1.0, 2.0 or 3.0");
    assertRefused(
        Npy.withHeader(4, Npy.dictionary("'|u1'", false, "(0,)")),
        "x.npy begins with the bytes 93 4e 55 4d 50 59 04 00; expected those of a .npy file of version 1.0, 2.0 or 3.0");
  }

  @Test
  void refusesAHeaderThatIsCutOff() {
    byte[] whole = Npy.of("|u1", false, "(0,)");
    assertRefused(bytes(0x93, 'N'), "x.npy ends within its header; expected 6 more bytes");
    assertRefused(
        Arrays.copyOf(whole, 100), "x.npy ends within its header; expected 28 more bytes");
  }

  @Test
  void refusesAHeaderThatClaimsTooMuch() {
    byte[] npy = Npy.withHeader(2, Npy.dictionary("'|u1'", false, "(0,)"));
    Arrays.fill(npy, 8, 12, (byte) 0xff);
    assertRefused(npy, "the header of x.npy claims 4294967295 bytes; expected at most 65536");
  }

  @Test
  void refusesDataThatTheHeaderDoesNotDescribe() {
    assertRefused(
        Npy.of("<f4", false, "(2, 3)", new byte[20]),
        "x.npy holds 20 bytes of data; expected 24 for the type \"<f4\" and the shape [2, 3] of its header");
    assertRefused(
        Npy.of("<f4", false, "(2, 3)", new byte[28]),
        "x.npy holds 28 bytes of data; expected 24 for the type \"<f4\" and the shape [2, 3] of its header");
  }

  @Test
  void refusesArraysThatAreTooLarge() {
    assertRefused(
        Npy.of("<f8", false, "(1048576, 256)"),
        "x.npy has the shape [1048576, 256] with 8 bytes an element; expected arrays below 2 GiB");
    assertRefused(
        Npy.of("|u1", false, "(2147483647, 2147483647)"),
        "x.npy has the shape [2147483647, 2147483647] with 1 bytes an element; expected arrays below 2 GiB");
    assertRefused(
        Npy.of("|u1", false, "(99999999999999999999,)"),
        "an axis of x.npy is longer than 2147483647; expected arrays below 2 GiB");
    assertRefused(
        Npy.of("|u1", false, "(1, 2, 3)"),
        "x.npy has the shape [1, 2, 3]; expected at most 2 axes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "(1,2); 0",
        "{}; 2",
        "{'descr': '|u1', 'fortran_order': False}; 40",
        "{'descr': '|u1', 'descr': '|u1'}; 25",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}; 34",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1)}; 53",
        "{'descr': '|u1', 'fortran_order': False, 'shape': [1]}; 50",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}; 51",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} + 1; 56",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'x': 1}; 60",
        "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}; 10",
        "{'descr: 1}; 1",
      })
  void refusesATextThatNumpyDoesNotWrite(String text, int at) {
    assertRefused(
        Npy.withHeader(1, text, bytes(0)),
        "the header of x.npy is %s, which breaks off at character %d; expected {'descr': …, 'fortran_order': …, 'shape': …} as NumPy writes it"
            .formatted(Printable.quote(text), at));
  }

  private static void assertRefused(byte[] npy, String sentence) {
    assertThatThrownBy(() -> read(npy))
        .isInstanceOf(UnreadablePassException.class)
        .hasMessage(sentence);
  }

  private static Tensor read(byte[] npy) throws IOException {
    NpyHeader header = NpyHeader.read("x.npy", new ByteArrayInputStream(npy));
    header.requireDataBytes(npy.length - header.length());
    byte[] data = Arrays.copyOfRange(npy, header.length(), npy.length);
    return header.tensor(ByteBuffer.wrap(data));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
