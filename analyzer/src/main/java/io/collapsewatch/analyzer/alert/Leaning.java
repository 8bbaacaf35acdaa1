package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.RunStatus.State;
import java.util.Optional;

/**
 * A state that the last verdicts named and the run is not in yet.
 *
 * @param verdicts how many in a row
 */
record Leaning(State towards, int verdicts) {

  /** After one more verdict. */
  static Leaning after(Optional<Leaning> before, State verdict) {
    int held = before.filter(it -> it.towards == verdict).map(Leaning::verdicts).orElse(0);
    return new Leaning(verdict, held + 1);
  }
}
