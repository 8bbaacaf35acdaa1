package io.collapsewatch.dashboard.board;

import java.util.Collection;

/** Is told of what happens on the board, by the thread that does it: to be quick about. */
public interface BoardListener {

  /**
   * Runs stand differently.
   *
   * @param runs as they stand now
   * @param news that brought them there
   */
  void changed(Collection<WatchedRun> runs, News news);

  /** A run was hidden. */
  void gone(String run);
}
