package io.collapsewatch.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * One tensor and where its bytes lie.
 *
 * @param begin first byte within the data
 * @param end first byte after it
 * @param tensor a view of those bytes
 */
record TensorEntry(String name, int begin, int end, Tensor tensor) {

  /**
   * @param entry what the header says of the tensor
   * @param data bytes of all tensors together, from position 0
   * @throws MalformedCaptureException if type, shape and offsets do not fit each other or the data
   */
  static TensorEntry read(String name, JsonNode entry, ByteBuffer data) {
    DType dtype = dtype(name, entry.path("dtype"));
    int[] shape = shape(name, entry.path("shape"));
    int[] offsets = offsets(name, entry.path("data_offsets"), data.limit());
    OptionalLong expected = Tensor.bytesOf(dtype, shape);
    int actual = offsets[1] - offsets[0];
    if (expected.isEmpty() || expected.getAsLong() != actual) {
      throw new MalformedCaptureException(
          "tensor %s of type %s and shape %s has %d bytes; expected %s"
              .formatted(
                  Printable.quote(name),
                  dtype,
                  Printable.quote(Arrays.toString(shape)),
                  actual,
                  expected.isPresent() ? expected.getAsLong() : "fewer than 2⁶³ by its shape"));
    }
    Tensor tensor = new Tensor(dtype, shape, data.slice(offsets[0], actual));
    return new TensorEntry(name, offsets[0], offsets[1], tensor);
  }

  private static DType dtype(String name, JsonNode dtype) {
    for (DType known : DType.values()) {
      if (dtype.isTextual() && known.name().equals(dtype.textValue())) {
        return known;
      }
    }
    throw refused("dtype", name, dtype, "one of " + Arrays.toString(DType.values()));
  }

  private static int[] shape(String name, JsonNode shape) {
    int[] lengths = new int[shape.size()];
    boolean valid = shape.isArray();
    for (int i = 0; valid && i < lengths.length; i++) {
      valid = wholeUpTo(Integer.MAX_VALUE, shape.get(i));
      lengths[i] = shape.get(i).asInt();
    }
    if (!valid) {
      throw refused("shape", name, shape, "an array of whole numbers in 0.." + Integer.MAX_VALUE);
    }
    return lengths;
  }

  private static int[] offsets(String name, JsonNode offsets, int dataBytes) {
    if (offsets.isArray()
        && offsets.size() == 2
        && wholeUpTo(dataBytes, offsets.get(1))
        && wholeUpTo(offsets.get(1).asInt(), offsets.get(0))) {
      return new int[] {offsets.get(0).asInt(), offsets.get(1).asInt()};
    }
    throw refused("data_offsets", name, offsets, "[begin,end] with 0 ≤ begin ≤ end ≤ " + dataBytes);
  }

  private static boolean wholeUpTo(int max, JsonNode number) {
    return number.isIntegralNumber()
        && number.canConvertToInt()
        && number.intValue() >= 0
        && number.intValue() <= max;
  }

  private static MalformedCaptureException refused(
      String field, String name, JsonNode value, String expected) {
    String read = value.isMissingNode() ? "missing" : Printable.quote(value.toString());
    return new MalformedCaptureException(
        "%s of tensor %s is %s; expected %s"
            .formatted(field, Printable.quote(name), read, expected));
  }
}
