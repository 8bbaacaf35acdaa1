package io.collapsewatch.protocol.saved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.Safetensors;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavedPassTest {

  @TempDir private Path temp;

  /** Three samples in two dimensions, two classes. */
  private static Map<String, byte[]> arrays() {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("features.npy", Npy.floats("(3, 2)", 1, 2, 3, 4, 5, 6));
    arrays.put("labels.npy", Npy.longs("(3,)", 0, 1, 1));
    arrays.put("weights.npy", Npy.floats("(2, 2)", 1, 0, 0, 1));
    arrays.put("bias.npy", Npy.floats("(2,)", 0.5f, -0.5f));
    return arrays;
  }

  @Test
  void folderIsReadAsItWasSaved() throws IOException {
    SavedPass pass = SavedPass.read(folder(arrays()));
    assertThat(pass.features().dtype()).isEqualTo(DType.F32);
    assertThat(pass.features().toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(pass.labels().longAt(2)).isEqualTo(1);
    assertThat(pass.weights().toDoubles()).containsExactly(1, 0, 0, 1);
    assertThat(pass.bias().orElseThrow().toDoubles()).containsExactly(0.5, -0.5);
  }

  @Test
  void biasMayBeAbsent() throws IOException {
    assertThat(SavedPass.read(folder(without("bias.npy"))).bias()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void npzIsReadAsTheFolderIs(int method) throws IOException {
    assertThat(SavedPass.read(npz(method, arrays()))).isEqualTo(SavedPass.read(folder(arrays())));
  }

  @Test
  void safetensorsAreReadAsTheFolderIs() throws IOException {
    SavedPass pass = SavedPass.read(folder(arrays()));
    Path file = temp.resolve("pass.safetensors");
    Files.write(file, new Safetensors(Map.of(), tensors(pass)).write());
    assertThat(SavedPass.read(file)).isEqualTo(pass);
  }

  private static Map<String, Tensor> tensors(SavedPass pass) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("features", pass.features());
    tensors.put("labels", pass.labels());
    tensors.put("weights", pass.weights());
    tensors.put("bias", pass.bias().orElseThrow());
    return tensors;
  }

  @Test
  void theFileMaySayWhatThePassIs() throws IOException {
    SavedPass pass = SavedPass.read(folder(arrays()));
    Map<String, String> about = Map.of("run", "r", "step", "7", "epoch", "0.5", "split", "test");
    Map<String, String> metadata = new LinkedHashMap<>(about);
    metadata.put("format", "pt");

    assertThat(LabelledPass.of(new Safetensors(metadata, tensors(pass))))
        .isEqualTo(new LabelledPass(pass, about));
    Map<String, byte[]> members = arrays();
    members.put(
        "run.npy", Npy.of("<U3", false, "()", "r\0\0".getBytes(Charset.forName("UTF-32LE"))));
    members.put("step.npy", Npy.longs("()", 7));
    members.put("epoch.npy", Npy.floats("()", 0.5f));
    members.put(
        "split.npy", Npy.of(">U4", false, "()", "test".getBytes(Charset.forName("UTF-32BE"))));
    assertThat(LabelledPass.ofNpz(npz(ZipEntry.DEFLATED, members), 1000))
        .isEqualTo(new LabelledPass(pass, about));
  }

  @Test
  void whatIsSaidOfThePassIsASingleShortValue() throws IOException {
    assertNpzRefused(
        with("step.npy", Npy.longs("(2,)", 7, 8)),
        "step.npy has the shape [2]; expected a single number or text");
    assertNpzRefused(
        with("run.npy", Npy.of("<U99999", false, "()", new byte[0])),
        "run.npy is a text of 99999 characters; expected at most 256");
    assertNpzRefused(
        with("epoch.npy", Npy.floats("()", Float.NaN)),
        "epoch.npy is NaN; expected a finite number");
  }

  @Test
  void arraysThatTakeMoreThanThereIsRoomForAreRefusedUnread() throws IOException {
    Path file = npz(ZipEntry.DEFLATED, arrays());
    assertThatThrownBy(() -> LabelledPass.ofNpz(file, 40))
        .isInstanceOf(UnreadablePassException.class)
        .hasMessage(
            "labels.npy takes 24 bytes; expected at most the 16 that are left for the arrays of a pass");
  }

  private void assertNpzRefused(Map<String, byte[]> members, String sentence) throws IOException {
    Path file = npz(ZipEntry.DEFLATED, members);
    assertThatThrownBy(() -> LabelledPass.ofNpz(file, 1000))
        .isInstanceOf(UnreadablePassException.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"features.npy", "labels.npy", "weights.npy"})
  void refusesAFolderThatLacksAFile(String name) throws IOException {
    assertRefused(
        folder(without(name)),
        "\"pass\": it lacks %s; expected features.npy, labels.npy, weights.npy and, where the layer has one, bias.npy"
            .formatted(name));
  }

  @Test
  void refusesAnEmptyFolder() throws IOException {
    assertRefused(
        folder(Map.of()),
        "\"pass\": it lacks features.npy, labels.npy, weights.npy; expected features.npy, labels.npy, weights.npy and, where the layer has one, bias.npy");
  }

  @Test
  void refusesAPathThatIsNotThere() {
    assertRefused(
        Path.of("some", "no\nwhere"), "\"some/no\\u000awhere\": there is no such file or folder");
  }

  @Test
  void refusesAnotherEnding() throws IOException {
    Path file = Files.createFile(temp.resolve("pass.csv"));
    assertRefused(
        file,
        "\"pass.csv\": it is neither a folder of .npy files nor a file that ends in .npz or .safetensors");
  }

  @Test
  void refusesArraysThatAreNoNumbers() throws IOException {
    assertRefused(
        folder(with("features.npy", Npy.of("|O", false, "(3, 2)", new byte[48]))),
        "\"pass\": features.npy holds Python objects of the type \"|O\"; expected plain numbers: f2, f4, f8, i1 to i8, u1 to u8 or b1");
  }

  @Test
  void refusesShapesThatDoNotFit() throws IOException {
    assertRefused(
        folder(with("features.npy", Npy.floats("(6,)", 1, 2, 3, 4, 5, 6))),
        "\"pass\": features is F32 [6]; expected a matrix with at least one row and one column");
    assertRefused(
        folder(with("features.npy", Npy.floats("(0, 2)"))),
        "\"pass\": features is F32 [0, 2]; expected a matrix with at least one row and one column");
    assertRefused(
        folder(with("labels.npy", Npy.longs("(2,)", 0, 1))),
        "\"pass\": labels is I64 [2]; expected [3], a number for each row of features");
    assertRefused(
        folder(with("labels.npy", Npy.floats("(3,)", 0, 1, 1))),
        "\"pass\": labels is F32 [3]; expected integers");
    assertRefused(
        folder(with("weights.npy", Npy.floats("(2, 3)", 1, 2, 3, 4, 5, 6))),
        "\"pass\": weights is F32 [2, 3] and features is F32 [3, 2]; expected as many columns");
    assertRefused(
        folder(with("bias.npy", Npy.floats("(3,)", 1, 2, 3))),
        "\"pass\": bias is F32 [3]; expected [2], a number for each row of weights");
  }

  @Test
  void refusesLabelsWithoutARow() throws IOException {
    assertRefused(
        folder(with("labels.npy", Npy.longs("(3,)", 0, 1, 2))),
        "\"pass\": the label in row 2 is 2; expected 0..1, the rows of weights");
    assertRefused(
        folder(with("labels.npy", Npy.longs("(3,)", 0, -1, 1))),
        "\"pass\": the label in row 1 is -1; expected 0..1, the rows of weights");
    byte[] unsigned = new byte[24];
    Arrays.fill(unsigned, 0, 8, (byte) 0xff);
    assertRefused(
        folder(with("labels.npy", Npy.of("<u8", false, "(3,)", unsigned))),
        "\"pass\": the label in row 0 is 18446744073709551615; expected 0..1, the rows of weights");
  }

  @Test
  void refusesValuesThatAreNotFinite() throws IOException {
    assertRefused(
        folder(with("features.npy", Npy.floats("(3, 2)", 1, 2, 3, 4, 5, Float.NaN))),
        "\"pass\": features has the value NaN in row 2; expected finite numbers only");
    assertRefused(
        folder(with("weights.npy", Npy.floats("(2, 2)", 1, 2, Float.POSITIVE_INFINITY, 4))),
        "\"pass\": weights has the value Infinity in row 1; expected finite numbers only");
    assertRefused(
        folder(with("bias.npy", Npy.floats("(2,)", Float.NEGATIVE_INFINITY, 0))),
        "\"pass\": bias has the value -Infinity in row 0; expected finite numbers only");
  }

  @Test
  void refusesAnNpzThatIsNoZip() throws IOException {
    Path file = temp.resolve("pass.npz");
    Files.writeString(file, "no zip at all");
    assertRefused(
        file,
        "\"pass.npz\": it does not open as a zip file; expected an .npz as numpy.savez writes it");
  }

  @Test
  void refusesAnNpzThatLacksAMember() throws IOException {
    assertRefused(
        npz(ZipEntry.DEFLATED, without("weights.npy")),
        "\"pass.npz\": it lacks weights.npy; expected features.npy, labels.npy, weights.npy and, where the layer has one, bias.npy");
  }

  @Test
  void refusesADamagedMember() throws IOException {
    Path file = npz(ZipEntry.STORED, arrays());
    byte[] zip = Files.readAllBytes(file);
    // The first member comes first: its name of 12, 30 bytes around it, 128 of header.
    zip[30 + 12 + 128] ^= 1;
    Files.write(file, zip);
    assertRefused(
        file,
        "\"pass.npz\": features.npy does not unpack to the length and checksum that the zip file gives; expected an .npz as numpy.savez writes it");
  }

  /** A header of 128 bytes and nothing behind it, that claims the largest array there may be. */
  @Test
  void refusesAMemberThatIsShorterThanItsShape() throws IOException {
    assertRefused(
        npz(ZipEntry.DEFLATED, with("features.npy", Npy.floats("(536870911, 1)"))),
        "\"pass.npz\": features.npy holds 0 bytes of data; expected 2147483644 for the type \"<f4\" and the shape [536870911, 1] of its header");
  }

  /** The same, and the zip directory says that the bytes are there. */
  @Test
  void refusesAMemberThatCannotUnpackToWhatItClaims() throws IOException {
    Path file = npz(ZipEntry.DEFLATED, with("features.npy", Npy.floats("(536870911, 1)")));
    byte[] zip = Files.readAllBytes(file);
    int directory = indexOf(zip, new byte[] {'P', 'K', 1, 2});
    int packed = Byte.toUnsignedInt(zip[directory + 20]);
    byte[] claimed = {(byte) 0x7c, 0, 0, (byte) 0x80};
    System.arraycopy(claimed, 0, zip, directory + 24, 4);
    Files.write(file, zip);
    assertRefused(
        file,
        "\"pass.npz\": features.npy claims 2147483772 bytes unpacked from %d; expected at most 1032 times as many"
            .formatted(packed));
  }

  @Test
  void refusesSafetensorsThatAreNone() throws IOException {
    Path file = temp.resolve("pass.safetensors");
    Files.write(file, new byte[] {1, 2, 3});
    assertRefused(
        file,
        "\"pass.safetensors\": the blob has 3 bytes; expected at least 8, which hold the length of the header");
  }

  @Test
  void refusesSafetensorsThatLackATensor() throws IOException {
    Path file = temp.resolve("pass.safetensors");
    Tensor features = Tensor.ofFloats(new float[] {1, 2}, 1, 2);
    Files.write(file, new Safetensors(Map.of(), Map.of("features", features)).write());
    assertRefused(
        file,
        "\"pass.safetensors\": it lacks labels, weights; expected features, labels, weights and, where the layer has one, bias");
  }

  private static void assertRefused(Path path, String sentence) {
    assertThatThrownBy(() -> SavedPass.read(path))
        .isInstanceOf(UnreadablePassException.class)
        .hasMessage(sentence);
  }

  private static Map<String, byte[]> with(String name, byte[] npy) {
    Map<String, byte[]> arrays = arrays();
    arrays.put(name, npy);
    return arrays;
  }

  private static Map<String, byte[]> without(String name) {
    Map<String, byte[]> arrays = arrays();
    arrays.remove(name);
    return arrays;
  }

  private Path folder(Map<String, byte[]> arrays) throws IOException {
    Path folder = Files.createDirectory(Files.createTempDirectory(temp, "").resolve("pass"));
    for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
      Files.write(folder.resolve(array.getKey()), array.getValue());
    }
    return folder;
  }

  private Path npz(int method, Map<String, byte[]> arrays) throws IOException {
    Path file = temp.resolve("pass.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        ZipEntry entry = new ZipEntry(array.getKey());
        if (method == ZipEntry.STORED) {
          CRC32 sum = new CRC32();
          sum.update(array.getValue());
          entry.setCrc(sum.getValue());
          entry.setSize(array.getValue().length);
        }
        entry.setMethod(method);
        zip.putNextEntry(entry);
        zip.write(array.getValue());
      }
    }
    return file;
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    int at = 0;
    while (!Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
      at++;
    }
    return at;
  }
}
