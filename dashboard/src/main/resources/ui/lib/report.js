const OF_TRAINING = {
  loss: "loss",
  accuracy_training: "accuracy",
  learning_rate: "learning_rate",
  weight_decay: "weight_decay",
};

/** What the server's series has under a key, from a report that has just come. */
export function valueOf(report, key) {
  if (key in OF_TRAINING) return report.training?.[OF_TRAINING[key]] ?? null;
  if (key === "completeness") return report.completeness ?? null;
  if (key === "oldest_sample_age") return report.oldest_sample_age ?? null;
  if (key === "dropped") return dropped(report);
  if (key.startsWith("norm.")) return report.layer_norms?.[key.slice(5)] ?? null;
  return report.metrics?.[key] ?? null;
}

/** Messages lost before the analyzer, over all reasons. */
export function dropped(report) {
  return Object.values(report.dropped ?? {}).reduce((sum, count) => sum + count, 0);
}

/** A bin's lower edge: e(i) = 0.1·sinh(0.02·i), the same for every histogram. */
export function binEdge(i) {
  return 0.1 * Math.sinh(0.02 * i);
}

/**
 * The variant of each criterion to watch: a run whose classifier is nearer to an orthogonal frame is
 * measured against that one, since its distance from a simplex never goes to 0.
 */
export function headlineKeys(report) {
  const has = (key) => report?.metrics?.[key] !== undefined;
  const orthogonal = report?.frame === "of" && has("nc2_of_weights");
  return {
    nc1: "nc1",
    nc2: orthogonal ? "nc2_of_weights" : report && !has("nc2_etf_weights") ? "nc2_etf_means" : "nc2_etf_weights",
    nc3: orthogonal ? "nc3_duality_uncentred" : "nc3_duality",
    nc4: "nc4_ncc_mismatch",
  };
}
