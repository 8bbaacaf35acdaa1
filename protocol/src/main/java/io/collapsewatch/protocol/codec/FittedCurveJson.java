package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.FittedCurve;

/** Fitted curves as JSON; {@code fitted-curve.schema.json} describes them. */
public final class FittedCurveJson {

  private static final TopicJson<FittedCurve> JSON =
      new TopicJson<>(
          FittedCurve.class, "fitted curve", "fitted-curve.schema.json", FittedCurve.VERSION);

  private FittedCurveJson() {}

  /** The curve as UTF-8 JSON on one line. */
  public static byte[] encode(FittedCurve curve) {
    return JSON.encode(curve);
  }

  /**
   * The curve in {@code json}; fields that this build does not know are ignored.
   *
   * @throws IllegalArgumentException if it is none, with what is wrong
   */
  public static FittedCurve decode(byte[] json) {
    return JSON.decode(json);
  }
}
