package io.collapsewatch.analyzer.linalg;

/** A decomposition that did not converge; the message says of what. */
public final class LinearAlgebraException extends RuntimeException {

  LinearAlgebraException(String sentence) {
    super(sentence);
  }
}
