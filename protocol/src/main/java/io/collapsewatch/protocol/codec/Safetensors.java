package io.collapsewatch.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.protocol.CaptureTooLargeException;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The container: 8-byte little-endian header length, JSON header, raw little-endian tensors, as the
 * safetensors project defines it.
 *
 * @param metadata names and texts of {@code __metadata__}
 * @param tensors by name, in the order of the header
 */
public record Safetensors(Map<String, String> metadata, Map<String, Tensor> tensors) {

  private static final String METADATA = "__metadata__";

  /** Bytes of the header's length; the data begins at a multiple of it, too. */
  private static final int WORD = 8;

  public Safetensors {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * The bytes of this container. The header is padded with spaces so that the data begins at a
   * multiple of 8 bytes; the tensors follow each other in order.
   *
   * @throws CaptureTooLargeException if there are more tensors or a longer header than {@link
   *     #read} takes, or more than 2³¹−1 bytes
   */
  public byte[] write() {
    requireAtMost(tensors.size(), Limits.TENSORS, "tensors");
    byte[] header = paddedHeader();
    requireAtMost(header.length, Limits.HEADER_BYTES, "bytes in its header");
    long size =
        WORD + header.length + tensors.values().stream().mapToLong(Safetensors::bytes).sum();
    requireAtMost(size, Integer.MAX_VALUE, "bytes");
    ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(header.length).put(header);
    tensors.values().forEach(tensor -> out.put(tensor.bytes()));
    return out.array();
  }

  private byte[] paddedHeader() {
    String json = StrictJson.write(header());
    int padding = Math.floorMod(-json.length(), WORD);
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.US_ASCII);
  }

  private ObjectNode header() {
    ObjectNode header = StrictJson.object();
    if (!metadata.isEmpty()) {
      metadata.forEach(header.putObject(METADATA)::put);
    }
    long begin = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = begin + bytes(tensor);
      ObjectNode description = header.putObject(entry.getKey());
      description.put("dtype", tensor.dtype().name());
      description.set("shape", shape(tensor));
      description.putArray("data_offsets").add(begin).add(end);
      begin = end;
    }
    return header;
  }

  private static JsonNode shape(Tensor tensor) {
    var lengths = StrictJson.array();
    for (int length : tensor.shape()) {
      lengths.add(length);
    }
    return lengths;
  }

  private static long bytes(Tensor tensor) {
    return tensor.bytes().remaining();
  }

  /**
   * Reads a container; the tensors share the bytes, which are not to be modified afterwards. What
   * the header claims is held against {@link Limits} and the bytes that are there before anything
   * of that size is allocated; there is no limit on the data.
   *
   * @param bytes from its position to its limit; neither is changed
   * @throws CaptureTooLargeException if the header or the number of tensors exceeds its limit
   * @throws MalformedCaptureException if the bytes are no such container
   */
  public static Safetensors read(ByteBuffer bytes) {
    ByteBuffer blob = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = headerBytes(blob);
    JsonNode header = StrictJson.read("the header", utf8(blob.slice(WORD, headerBytes)));
    if (!header.isObject()) {
      throw new MalformedCaptureException(
          "the header is %s; expected a JSON object".formatted(header.getNodeType()));
    }
    int dataBegin = WORD + headerBytes;
    ByteBuffer data = blob.slice(dataBegin, blob.remaining() - dataBegin);
    return new Safetensors(metadata(header.path(METADATA)), tensors(header, data));
  }

  private static int headerBytes(ByteBuffer blob) {
    if (blob.remaining() < WORD) {
      throw new MalformedCaptureException(
          "the blob has %d bytes; expected at least %d, which hold the length of the header"
              .formatted(blob.remaining(), WORD));
    }
    long claimed = blob.getLong(0);
    long left = blob.remaining() - (long) WORD;
    if (claimed < 0 || claimed > left) {
      throw new MalformedCaptureException(
          "the header claims %s bytes and %d follow; expected no more than follow"
              .formatted(Long.toUnsignedString(claimed), left));
    }
    requireAtMost(claimed, Limits.HEADER_BYTES, "bytes in its header");
    return (int) claimed;
  }

  private static String utf8(ByteBuffer header) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedCaptureException(
          "the header is not UTF-8 from byte %d on; expected JSON in UTF-8"
              .formatted(WORD + header.position()),
          e);
    }
  }

  private static Map<String, String> metadata(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (!node.isObject() && !node.isMissingNode()) {
      throw new MalformedCaptureException(
          "%s is %s; expected an object of texts".formatted(METADATA, node.getNodeType()));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw new MalformedCaptureException(
            "%s in %s is %s; expected a text, in quotes"
                .formatted(
                    Printable.quote(field.getKey()),
                    METADATA,
                    Printable.quote(field.getValue().toString())));
      }
      texts.put(field.getKey(), field.getValue().textValue());
    }
    return texts;
  }

  private static Map<String, Tensor> tensors(JsonNode header, ByteBuffer data) {
    int count = header.size() - (header.has(METADATA) ? 1 : 0);
    requireAtMost(count, Limits.TENSORS, "tensors");
    List<TensorEntry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(TensorEntry.read(field.getKey(), field.getValue(), data));
      }
    }
    requireCovered(entries, data.remaining());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    entries.forEach(entry -> tensors.put(entry.name(), entry.tensor()));
    return tensors;
  }

  /** Every byte of the data belongs to exactly one tensor. */
  private static void requireCovered(List<TensorEntry> entries, int dataBytes) {
    Comparator<TensorEntry> byPlace =
        Comparator.comparingInt(TensorEntry::begin).thenComparingInt(TensorEntry::end);
    int covered = 0;
    for (TensorEntry entry : entries.stream().sorted(byPlace).toList()) {
      if (entry.begin() != covered) {
        throw new MalformedCaptureException(
            "tensor %s begins at byte %d of the data; expected %d, where the one before it ends"
                .formatted(Printable.quote(entry.name()), entry.begin(), covered));
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw new MalformedCaptureException(
          "the tensors end at byte %d of the data, which has %d; expected them to fill it"
              .formatted(covered, dataBytes));
    }
  }

  private static void requireAtMost(long actual, int limit, String of) {
    if (actual > limit) {
      throw new CaptureTooLargeException(
          "the blob has %d %s; expected at most %d".formatted(actual, of, limit));
    }
  }
}
