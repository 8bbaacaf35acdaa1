package io.collapsewatch.dashboard.feed;

import java.util.Optional;

/** Brings batches to an {@link Intake} by itself, from Kafka or, in tests, from elsewhere. */
public interface Feed extends AutoCloseable {

  /** Begins; returns at once. */
  void start();

  /** What keeps it from reading now, in one sentence. */
  Optional<String> missing();

  /** Ends; what was read is written first. */
  @Override
  void close();
}
