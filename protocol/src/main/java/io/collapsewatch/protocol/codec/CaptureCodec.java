package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.CaptureTooLargeException;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import io.collapsewatch.protocol.UnsupportedVersionException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Captures as safetensors; {@code FORMAT.md} says which tensors and metadata each kind has. */
public final class CaptureCodec {

  /** The version of the format: the only one that is read, and what an absent version means. */
  public static final String VERSION = "1";

  private static final String KINDS = "one of run, batch, classifier, stats, end";

  private CaptureCodec() {}

  /**
   * The bytes of a capture; {@link #decode} makes an equal capture of them.
   *
   * @throws CaptureTooLargeException if they exceed a limit of {@link Limits}
   */
  public static byte[] encode(Capture capture) {
    FieldWriter out = new FieldWriter();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    out.put("kind", kind(capture));
    HeaderFields.write(capture.header(), out);
    writeBody(capture, out, tensors);
    byte[] blob = new Safetensors(out.metadata(), tensors).write();
    requireSize(blob.length);
    return blob;
  }

  /**
   * The capture in {@code bytes}; tensors share the bytes, which are not to be modified afterwards.
   *
   * @param bytes from its position to its limit; neither is changed
   * @throws io.collapsewatch.protocol.CaptureException if it is none, in one sentence
   */
  public static Capture decode(ByteBuffer bytes) {
    requireSize(bytes.remaining());
    Safetensors blob = Safetensors.read(bytes);
    FieldReader in = new FieldReader(blob.metadata());
    requireVersion(in);
    String kind = in.text("kind").orElseThrow(FieldReader.missing("kind", KINDS));
    CaptureHeader header = HeaderFields.read(in);
    return switch (kind) {
      case "run" -> new RunStarted(header, RunFields.read(in));
      case "batch" -> readBatch(header, blob.tensors());
      case "classifier" -> readClassifier(header, in, blob.tensors());
      case "stats" -> StatsFields.read(header, in, blob.tensors());
      case "end" -> new RunEnded(header);
      default -> throw in.refused("kind", KINDS);
    };
  }

  private static String kind(Capture capture) {
    if (capture instanceof RunStarted) {
      return "run";
    } else if (capture instanceof FeatureBatch) {
      return "batch";
    } else if (capture instanceof ClassifierSnapshot) {
      return "classifier";
    }
    return capture instanceof TrainingStats ? "stats" : "end";
  }

  private static void writeBody(Capture capture, FieldWriter out, Map<String, Tensor> tensors) {
    if (capture instanceof RunStarted started) {
      RunFields.write(started.settings(), out);
    } else if (capture instanceof FeatureBatch batch) {
      writeBatch(batch, tensors);
    } else if (capture instanceof ClassifierSnapshot classifier) {
      writeClassifier(classifier, out, tensors);
    } else if (capture instanceof TrainingStats stats) {
      StatsFields.write(stats, out, tensors);
    }
  }

  private static void writeBatch(FeatureBatch batch, Map<String, Tensor> tensors) {
    tensors.put("features", batch.features());
    tensors.put("labels", batch.labels());
    batch.logits().ifPresent(logits -> tensors.put("logits", logits));
    batch.margins().ifPresent(margins -> tensors.put("margins", margins));
    batch.predictions().ifPresent(predictions -> tensors.put("predictions", predictions));
  }

  private static FeatureBatch readBatch(CaptureHeader header, Map<String, Tensor> tensors) {
    return new FeatureBatch(
        header,
        required("features", "a floating-point tensor [B,d]", tensors),
        required("labels", "an integer tensor [B]", tensors),
        optional("logits", tensors),
        optional("margins", tensors),
        optional("predictions", tensors));
  }

  private static void writeClassifier(
      ClassifierSnapshot classifier, FieldWriter out, Map<String, Tensor> tensors) {
    if (classifier.weight().rows() != classifier.classes()) {
      out.put("row_offset", classifier.rowOffset());
      out.put("classes", classifier.classes());
    }
    tensors.put("weight", classifier.weight());
    classifier.bias().ifPresent(bias -> tensors.put("bias", bias));
  }

  private static ClassifierSnapshot readClassifier(
      CaptureHeader header, FieldReader in, Map<String, Tensor> tensors) {
    Tensor weight = required("weight", "a floating-point tensor [K,d]", tensors);
    Optional<Tensor> bias = optional("bias", tensors);
    int rowOffset = in.integer("row_offset").orElse(0);
    int classes = in.integer("classes").orElse(weight.rows());
    return new ClassifierSnapshot(header, weight, bias, rowOffset, classes);
  }

  private static Tensor required(String name, String expected, Map<String, Tensor> tensors) {
    return optional(name, tensors).orElseThrow(FieldReader.missing(name, expected));
  }

  private static Optional<Tensor> optional(String name, Map<String, Tensor> tensors) {
    return Optional.ofNullable(tensors.get(name));
  }

  private static void requireVersion(FieldReader in) {
    String version = in.text("version").orElse(VERSION);
    if (!version.equals(VERSION)) {
      throw new UnsupportedVersionException(
          in.refused("version", "\"1\", the only one that this build reads").getMessage());
    }
  }

  private static void requireSize(int bytes) {
    if (bytes > Limits.CAPTURE_BYTES) {
      throw new CaptureTooLargeException(
          "the capture has %d bytes; expected at most %d".formatted(bytes, Limits.CAPTURE_BYTES));
    }
  }
}
