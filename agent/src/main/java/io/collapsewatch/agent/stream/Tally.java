package io.collapsewatch.agent.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What became of the captures of one connection. They may be settled in any order, as those of
 * several runs are; the client is told of the first ones without a gap. Thread-safe.
 */
final class Tally {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Deque<Receipt> open = new ArrayDeque<>();
  private long received;
  private long settled;
  private long refused;
  private Optional<String> refusal = Optional.empty();

  /** One capture of the connection. */
  final class Receipt {
    private boolean done;

    /** Nothing of the capture is open any more. */
    void settle() {
      synchronized (Tally.this) {
        done = true;
        while (!open.isEmpty() && open.peek().done) {
          open.remove();
          settled++;
        }
      }
    }

    /** The capture is not taken, and it would not be if it came again. */
    void refuse(String sentence) {
      synchronized (Tally.this) {
        refused++;
        refusal = Optional.of(sentence);
        settle();
      }
    }
  }

  /** The next capture has come. */
  synchronized Receipt receive() {
    received++;
    Receipt receipt = new Receipt();
    open.add(receipt);
    return receipt;
  }

  /** What the client did is refused, and it is no capture. */
  synchronized void refuse(String sentence) {
    refusal = Optional.of(sentence);
  }

  /** {@code {"received": …, "settled": …, "refused": …, "refusal": …}}. */
  synchronized byte[] json() {
    ObjectNode json =
        JSON.createObjectNode()
            .put("received", received)
            .put("settled", settled)
            .put("refused", refused);
    refusal.ifPresent(sentence -> json.put("refusal", sentence));
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an object of texts and numbers is always JSON", e);
    }
  }
}
