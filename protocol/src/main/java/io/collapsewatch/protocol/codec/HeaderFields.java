package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.CaptureHeader;
import java.util.Map;
import java.util.TreeMap;

/** {@link CaptureHeader} as metadata. */
final class HeaderFields {

  private static final String DROPPED = "dropped.";

  private HeaderFields() {}

  static void write(CaptureHeader header, FieldWriter out) {
    out.put("run", header.run());
    out.put("step", header.step());
    out.put("epoch", header.epoch());
    out.putUnless(CaptureHeader.TRAIN, "split", header.split());
    out.putUnless(CaptureHeader.PENULTIMATE, "layer", header.layer());
    out.putUnless(0, "attempt", header.attempt());
    out.putUnless(0, "rank", header.rank());
    out.putUnless(1, "world_size", header.worldSize());
    out.put("seq", header.seq());
    out.put("snapshot", header.snapshot());
    out.putUnless(false, "snapshot_end", header.snapshotEnd());
    out.putUnless(0, "part", header.part());
    out.putUnless(1, "parts", header.parts());
    new TreeMap<>(header.dropped()).forEach((reason, count) -> out.put(DROPPED + reason, count));
  }

  static CaptureHeader read(FieldReader in) {
    return new CaptureHeader(
        in.text("run").orElseThrow(FieldReader.missing("run", "the id of the run")),
        in.whole("step").orElseThrow(FieldReader.missing("step", "the optimisation step")),
        in.number("epoch"),
        in.text("split").orElse(CaptureHeader.TRAIN),
        in.text("layer").orElse(CaptureHeader.PENULTIMATE),
        in.integer("attempt").orElse(0),
        in.integer("rank").orElse(0),
        in.integer("world_size").orElse(1),
        in.whole("seq"),
        in.text("snapshot"),
        in.flag("snapshot_end").orElse(false),
        in.integer("part").orElse(0),
        in.integer("parts").orElse(1),
        dropped(in));
  }

  private static Map<String, Long> dropped(FieldReader in) {
    Map<String, Long> dropped = new TreeMap<>();
    for (String reason : in.startingWith(DROPPED).keySet()) {
      dropped.put(reason, in.whole(DROPPED + reason).getAsLong());
    }
    return dropped;
  }
}
