package io.collapsewatch.analyzer.window;

/**
 * Where a rolling window keeps its samples beside memory. A slot is a place of a class that samples
 * follow each other in, so that the newer one overwrites the older.
 */
public interface Slots {

  /** Keeps {@code sample} in a slot of its class, in place of what was there. */
  void put(int slot, Sample sample);

  /** Empties a slot. */
  void remove(int label, int slot);
}
