package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.window.Sample;
import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A sample in the changelog, little-endian: arrival i64, step i64, label i32, prediction i32 (−1:
 * not captured), margin f64, name of the features' {@link DType} in 4 bytes, then the features.
 */
final class SampleSerde implements Serde<Sample> {

  private static final int TYPE_BYTES = 4;
  private static final int HEADER_BYTES = 8 + 8 + 4 + 4 + 8 + TYPE_BYTES;

  @Override
  public Serializer<Sample> serializer() {
    return (topic, sample) -> sample == null ? null : write(sample);
  }

  @Override
  public Deserializer<Sample> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(bytes);
  }

  private static byte[] write(Sample sample) {
    ByteBuffer features = sample.features().bytes();
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + features.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(sample.arrival()).putLong(sample.step()).putInt(sample.label());
    out.putInt(sample.captured().map(Sample.Captured::prediction).orElse(-1));
    out.putDouble(sample.captured().map(Sample.Captured::margin).orElse(0.0));
    out.put("%-4s".formatted(sample.features().dtype()).getBytes(StandardCharsets.US_ASCII));
    out.put(features);
    return out.array();
  }

  private static Sample read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long arrival = in.getLong();
    long step = in.getLong();
    int label = in.getInt();
    int prediction = in.getInt();
    double margin = in.getDouble();
    byte[] name = new byte[TYPE_BYTES];
    in.get(name);
    DType type = DType.valueOf(new String(name, StandardCharsets.US_ASCII).strip());
    Tensor features = new Tensor(type, new int[] {in.remaining() / type.bytes()}, in);
    return new Sample(
        arrival,
        step,
        label,
        features,
        prediction < 0 ? Optional.empty() : Optional.of(new Sample.Captured(margin, prediction)));
  }
}
