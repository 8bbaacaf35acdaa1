package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;

/**
 * The reports that a run is judged on. Windows of consecutive rolling reports overlap, so only
 * those count that share no sample with the one before: noise of others is not independent.
 *
 * @param kind of the reports: rolling from the first rolling one on
 * @param observations ascending by step, at most {@value #MOST}: the newest are all there, older
 *     ones are thinned out, the older the more
 * @param seen how many there were
 * @param best the lowest {@link #level} so far, once {@value #LEVEL} reports are there
 */
record Track(Kind kind, List<Observation> observations, int seen, OptionalDouble best) {

  static final int MOST = 256;
  static final int LEVEL = 5;

  /** Of a run without a report; snapshots count until a rolling report comes. */
  static final Track EMPTY = new Track(Kind.SNAPSHOT, List.of(), 0, OptionalDouble.empty());

  /** At the first rolling report. */
  static final Track ROLLING = new Track(Kind.ROLLING, List.of(), 0, OptionalDouble.empty());

  Track {
    observations = List.copyOf(observations);
  }

  boolean accepts(Observation next) {
    return observations.isEmpty() || next.stepFirst() > newest().step();
  }

  Observation newest() {
    return observations.get(observations.size() - 1);
  }

  Track with(Observation next) {
    List<Observation> all = new ArrayList<>(observations);
    all.add(next);
    double level = level(all);
    return new Track(
        kind,
        all.size() > MOST ? thinned(all) : all,
        seen + 1,
        all.size() < LEVEL ? best : OptionalDouble.of(Math.min(level, best.orElse(level))));
  }

  /** Without every second one of the older half; the first one stays. */
  private static List<Observation> thinned(List<Observation> all) {
    List<Observation> kept = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (i >= all.size() / 2 || i % 2 == 0) {
        kept.add(all.get(i));
      }
    }
    return kept;
  }

  /** NC1 without its noise: the median of the newest {@value #LEVEL} reports. */
  double level() {
    return level(observations);
  }

  private static double level(List<Observation> all) {
    return TheilSen.median(
        all.subList(Math.max(0, all.size() - LEVEL), all.size()).stream()
            .mapToDouble(Observation::nc1)
            .sorted()
            .toArray());
  }

  /**
   * The first report from which on NC1 has stayed {@code inside}; a single one that has not does
   * not count. The newest if that has not.
   */
  Observation since(DoublePredicate inside) {
    int first = observations.size() - 1;
    int outside = 0;
    for (int i = first; i >= 0 && outside < 2; i--) {
      boolean in = inside.test(observations.get(i).nc1());
      outside = in ? 0 : outside + 1;
      first = in ? i : first;
    }
    return observations.get(first);
  }
}
