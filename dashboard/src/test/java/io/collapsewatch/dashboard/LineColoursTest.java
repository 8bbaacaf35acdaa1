package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The colours of lines, as the style sheet has them. */
class LineColoursTest {

  private static final double[][] EVERYBODY = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

  // G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, A physiologically-based model for
  // simulation of color vision deficiency, 2009, severity 1.
  private static final double[][] PROTANOPIA = {
    {0.152286, 1.052583, -0.204868},
    {0.114503, 0.786281, 0.099216},
    {-0.003882, -0.048116, 1.051998}
  };
  private static final double[][] DEUTERANOPIA = {
    {0.367322, 0.860646, -0.227968},
    {0.280085, 0.672501, 0.047413},
    {-0.011820, 0.042940, 0.968881}
  };
  private static final double[][] TRITANOPIA = {
    {1.255528, -0.076749, -0.178779},
    {-0.078411, 0.930809, 0.147602},
    {0.004733, 0.691367, 0.303900}
  };

  private static List<String> colours(String name, int scheme) throws IOException {
    Pattern pair = Pattern.compile("--%s: light-dark\\((#\\w{6}), (#\\w{6})\\)".formatted(name));
    try (InputStream css = LineColoursTest.class.getResourceAsStream("/ui/css/base.css")) {
      String text = new String(css.readAllBytes(), StandardCharsets.UTF_8);
      return pair.matcher(text).results().map((MatchResult found) -> found.group(scheme)).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theColourBlindTellThemApart(int scheme) throws IOException {
    List<String> lines = colours("c[1-7]", scheme);
    assertThat(lines).hasSize(7);
    for (double[][] sight : List.of(EVERYBODY, PROTANOPIA, DEUTERANOPIA, TRITANOPIA)) {
      for (int i = 0; i < lines.size(); i++) {
        for (int j = 0; j < i; j++) {
          double apart = distance(lab(seen(lines.get(i), sight)), lab(seen(lines.get(j), sight)));
          assertThat(apart).as("%s and %s", lines.get(i), lines.get(j)).isGreaterThan(17.5);
        }
      }
    }
  }

  /** WCAG 2.2 asks 3 : 1 of graphics. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theyStandOutFromAPanel(int scheme) throws IOException {
    double panel = luminance(linear(colours("panel", scheme).get(0)));
    for (String line : colours("c[1-7]", scheme)) {
      double luminance = luminance(linear(line));
      double contrast = (Math.max(luminance, panel) + 0.05) / (Math.min(luminance, panel) + 0.05);
      assertThat(contrast).as(line).isGreaterThan(3);
    }
  }

  private static double[] seen(String colour, double[][] sight) {
    double[] rgb = linear(colour);
    return IntStream.range(0, 3)
        .mapToDouble(i -> sight[i][0] * rgb[0] + sight[i][1] * rgb[1] + sight[i][2] * rgb[2])
        .map(value -> Math.min(1, Math.max(0, value)))
        .toArray();
  }

  /** sRGB without its gamma (IEC 61966-2-1). */
  private static double[] linear(String colour) {
    return IntStream.of(1, 3, 5)
        .mapToDouble(at -> Integer.parseInt(colour.substring(at, at + 2), 16) / 255.0)
        .map(v -> v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4))
        .toArray();
  }

  private static double luminance(double[] rgb) {
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  }

  /** CIE 1976 L*a*b* under D65. */
  private static double[] lab(double[] rgb) {
    double x = curve((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.95047);
    double y = curve(luminance(rgb));
    double z = curve((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.08883);
    return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
  }

  private static double curve(double t) {
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
  }

  private static double distance(double[] a, double[] b) {
    return Math.sqrt(IntStream.range(0, 3).mapToDouble(i -> Math.pow(a[i] - b[i], 2)).sum());
  }
}
