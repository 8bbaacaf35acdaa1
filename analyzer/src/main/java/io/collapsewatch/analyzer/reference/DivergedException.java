package io.collapsewatch.analyzer.reference;

/** A descent left the finite numbers. */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DivergedException(long step) {
    super(
        "the objective is not finite after step %d; take a smaller learning rate".formatted(step));
  }
}
