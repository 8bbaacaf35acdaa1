package io.collapsewatch.dashboard.board;

import io.collapsewatch.protocol.WindowReport;
import java.util.Collection;
import java.util.List;

/** Is told of what happens on the board, by the thread that does it: to be quick about. */
public interface BoardListener {

  /**
   * Runs stand differently.
   *
   * @param runs as they stand now
   * @param reports that came, in their order
   */
  void changed(Collection<WatchedRun> runs, List<WindowReport> reports);

  /** A run was hidden. */
  void gone(String run);
}
