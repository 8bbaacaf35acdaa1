package io.collapsewatch.analyzer.compare;

import io.collapsewatch.protocol.FittedCurve;

/**
 * Which time of a model belongs to a step of a run: t = t₀ + a·(step − step₀).
 *
 * @param kind whether t₀ is the model's start or the beginning of its terminal phase
 * @param step step₀
 * @param lnTime ln t₀; −∞ at the start
 * @param lnFactor ln a
 */
record Alignment(FittedCurve.Alignment kind, long step, double lnTime, double lnFactor) {

  static Alignment ofStart() {
    return new Alignment(FittedCurve.Alignment.START, 0, Double.NEGATIVE_INFINITY, 0);
  }

  static Alignment ofTerminalPhase(long step, double lnTime) {
    return new Alignment(FittedCurve.Alignment.TERMINAL_PHASE, step, lnTime, 0);
  }

  Alignment withFactor(double newLnFactor) {
    return new Alignment(kind, step, lnTime, newLnFactor);
  }

  /** ln t of a step not before step₀. */
  double lnTime(long ofStep) {
    double lnSince =
        ofStep == step ? Double.NEGATIVE_INFINITY : lnFactor + Math.log((double) ofStep - step);
    double later = Math.max(lnTime, lnSince);
    return later == Double.NEGATIVE_INFINITY
        ? later
        : later + Math.log1p(Math.exp(Math.min(lnTime, lnSince) - later));
  }
}
