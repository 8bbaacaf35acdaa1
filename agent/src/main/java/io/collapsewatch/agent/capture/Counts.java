package io.collapsewatch.agent.capture;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What an agent has done with captures since its start. Thread-safe. */
public final class Counts {

  private final Map<Door, ByDoor> doors = new EnumMap<>(Door.class);
  private final LongAdder sampledRows = new LongAdder();
  private final LongAdder leftOutRows = new LongAdder();
  private final Map<String, LongAdder> dropped = new TreeMap<>();

  /** The captures of one door: each that comes is taken or refused, or comes again later. */
  public static final class ByDoor {
    private final LongAdder received = new LongAdder();
    private final LongAdder taken = new LongAdder();
    private final LongAdder refused = new LongAdder();

    public void receive() {
      received.increment();
    }

    public void take() {
      taken.increment();
    }

    public void refuse() {
      refused.increment();
    }

    public long received() {
      return received.sum();
    }

    public long taken() {
      return taken.sum();
    }

    public long refused() {
      return refused.sum();
    }
  }

  Counts() {
    for (Door door : Door.values()) {
      doors.put(door, new ByDoor());
    }
    for (String reason : DropReason.ALL) {
      dropped.put(reason, new LongAdder());
    }
  }

  public ByDoor of(Door door) {
    return doors.get(door);
  }

  void sample(int rows, int of) {
    sampledRows.add(rows);
    leftOutRows.add(of - rows);
  }

  void drop(String reason) {
    dropped.get(reason).increment();
  }

  /** Rows of live batches that were published. */
  public long sampledRows() {
    return sampledRows.sum();
  }

  /** Rows of live batches of which only the margins were used. */
  public long leftOutRows() {
    return leftOutRows.sum();
  }

  /** Reasons for which messages are lost here. */
  public List<String> dropReasons() {
    return DropReason.ALL;
  }

  /** Messages lost here for a reason. */
  public long dropped(String reason) {
    return dropped.get(reason).sum();
  }
}
