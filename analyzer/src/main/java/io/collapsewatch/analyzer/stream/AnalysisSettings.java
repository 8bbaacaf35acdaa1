package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.alert.JudgeSettings;
import java.time.Duration;

/**
 * What is asked of the analysis.
 *
 * @param snapshotBytes how many bytes of a pass are held before they are folded into streaming
 *     statistics
 * @param judge what a run is judged by
 * @param silentAfter the longest silence that is normal for a run that promises nothing
 */
public record AnalysisSettings(long snapshotBytes, JudgeSettings judge, Duration silentAfter) {

  private static final Duration LONGEST = Duration.ofDays(365);

  /** What is asked unless said otherwise. */
  public static final AnalysisSettings DEFAULT =
      new AnalysisSettings(256L << 20, JudgeSettings.DEFAULT, Duration.ofMinutes(10));

  /**
   * @throws IllegalArgumentException if a silence of that length is no silence
   */
  public AnalysisSettings {
    if (silentAfter.isNegative() || silentAfter.isZero() || silentAfter.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a run is silent after %d s; expected 1 to %d"
              .formatted(silentAfter.toSeconds(), LONGEST.toSeconds()));
    }
  }

  /** The same with another limit for passes. */
  public AnalysisSettings withSnapshotBytes(long bytes) {
    return new AnalysisSettings(bytes, judge, silentAfter);
  }

  /** The same with other rules for judging. */
  public AnalysisSettings withJudge(JudgeSettings settings) {
    return new AnalysisSettings(snapshotBytes, settings, silentAfter);
  }

  /** The same with another normal silence. */
  public AnalysisSettings withSilentAfter(Duration silence) {
    return new AnalysisSettings(snapshotBytes, judge, silence);
  }
}
