package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportJsonTest {

  private static final String MINIMAL =
      "{\"version\":1,\"run\":\"a-run\",\"attempt\":0,\"split\":\"train\",\"layer\":\"penultimate\","
          + "\"kind\":\"rolling\",\"step_first\":0,\"step_last\":0,\"timestamp_ms\":1790000000000,"
          + "\"dim\":64,\"completeness\":0.0,\"oldest_sample_age\":0,\"metrics\":{}}";

  @Test
  void whatIsAbsentIsLeftOut() {
    assertThat(json(Reports.minimal())).isEqualTo(MINIMAL);
  }

  @Test
  void everyFieldHasItsPlace() {
    assertThat(json(Reports.full()))
        .startsWith(
            "{\"version\":1,\"run\":\"resnet_18.b\",\"attempt\":1,\"split\":\"test\",\"layer\":\"block-3\","
                + "\"kind\":\"snapshot\",\"snapshot\":\"epoch-7\",\"step_first\":4100,\"step_last\":4200,"
                + "\"epoch\":7.25,\"timestamp_ms\":1790000000123,\"classes\":3,\"dim\":64,"
                + "\"completeness\":0.75,\"oldest_sample_age\":100,\"classifier_step\":4199,"
                + "\"metrics\":{\"classes_present\":0.0,\"samples\":0.1,")
        .endsWith(
            "\"ln_rho\":3.6,\"mu\":3.7,\"m2\":3.8,\"sigma2\":3.9,\"nc1_precision_floor\":4.0},\"frame\":\"etf\",\"worst_pair\":{\"first\":0,\"second\":2,\"cosine\":-0.4987},"
                + "\"margin_histogram\":{\"bins\":[-213,0,274],\"counts\":[1,2,1]},"
                + "\"margins_seen\":{\"count\":3,\"correct\":2,\"mean\":2.0,\"variance\":2.1666666666666665,"
                + "\"min\":0.5,\"histogram\":{\"bins\":[115,170,219],\"counts\":[1,1,1]}},"
                + "\"class_variability\":{\"0\":0.1,\"1\":1.0E-12,\"2\":3.0E-5},"
                + "\"cosines\":{\"classes\":[0,1,2],\"means\":[-0.5,null,-0.4987],"
                + "\"weights\":[-0.5,-0.5,-0.5],\"extremes\":[{\"first\":0,\"second\":2,\"cosine\":-0.4987}]},"
                + "\"layer_norms\":{\"stem\":2.0,\"head\":1.5},"
                + "\"training\":{\"accuracy\":1.0,\"learning_rate\":1.0E-5,\"loss\":0.30000000000000004,\"weight_decay\":5.0E-4},"
                + "\"comparison\":{\"model\":\"ce-ufm\",\"remark\":\"two of three classes are in the window\","
                + "\"samples_per_class\":179.7,\"weight_decay\":5.0E-4,\"feature_decay\":2.0E-6,\"shrinkage\":0.0125,"
                + "\"checks\":{\"margin_mean\":{\"measured\":9.0,\"predicted\":10.0,\"ratio\":0.9},"
                + "\"wrong_output_spread\":{\"measured\":0.25,\"predicted\":0.0}}},"
                + "\"dropped\":{\"buffer_full\":1,\"sampled\":7},"
                + "\"notes\":[\"class 3 was never seen\",\"2e-3 \\\"is\\\" ß\"]}");
  }

  @Test
  void metricsAreInTheOrderOfTheCatalogue() {
    String json = json(Reports.full());
    int place = 0;
    for (MetricKey key : MetricKey.values()) {
      int next = json.indexOf('"' + key.key() + "\":", place);
      assertThat(next).as(key.key()).isGreaterThan(place);
      place = next;
    }
  }

  @Test
  void reportsSurviveTheRoundTrip() {
    assertThat(decode(json(Reports.full()))).isEqualTo(Reports.full());
    assertThat(decode(json(Reports.minimal()))).isEqualTo(Reports.minimal());
    assertThat(json(decode(json(Reports.full())))).isEqualTo(json(Reports.full()));
  }

  @Test
  void listsThatAreLeftOutAreReadAsEmpty() {
    String report = MINIMAL.replace("\"metrics\"", "\"cosines\":{},\"metrics\"");
    assertThat(decode(report).cosines().orElseThrow().extremes()).isEmpty();
    assertThat(json(decode(report))).isEqualTo(MINIMAL.replace("{}}", "{},\"cosines\":{}}"));
  }

  @Test
  void fieldsOfLaterBuildsAreIgnored() {
    String later =
        MINIMAL.replace("\"metrics\":{}", "\"metrics\":{\"nc5\":0.5},\"state\":{\"name\":\"new\"}");
    assertThat(decode(later)).isEqualTo(Reports.minimal());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"version\":1,|``|the version of the report is missing; expected 1",
        "\"version\":1|\"version\":2|the version of the report is \"2\"; expected 1",
        "\"run\":\"a-run\",|``|the report cannot be read: \"Invalid `null` value encountered for property \\\"run\\\"\"; expected the JSON of window-report.schema.json",
        "\"metrics\":{}|\"metrics\":7|the report cannot be read: ",
        "\"dim\":64|\"dim\":\"64\"|the report cannot be read: ",
        "\"dim\":64,|``|the report cannot be read: ",
        ",\"metrics\":{}|``|the report cannot be read: ",
        "\"kind\":\"rolling\",|``|the report cannot be read: ",
        "\"kind\":\"rolling\"|\"kind\":\"daily\"|the report cannot be read: ",
        "\"completeness\":0.0|\"completeness\":\"NaN\"|the report cannot be read: ",
        "\"completeness\":0.0|\"completeness\":1e999|the report cannot be read: ",
        "}}|}|the report cannot be read: ",
        "}}|}}{}|the report cannot be read: ",
      })
  void whatIsNoReportIsRefused(String part, String replacement, String sentence) {
    assertThatThrownBy(() -> decode(MINIMAL.replace(part, replacement)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "7", "\u0000"})
  void whatIsNoObjectIsRefused(String json) {
    assertThatThrownBy(() -> decode(json)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mutatedReportsEndAsAReportOrInASentence() {
    byte[] valid = ReportJson.encode(Reports.full());
    Random random = new Random(4);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] mutated = valid.clone();
      mutated[random.nextInt(valid.length)] = (byte) random.nextInt(128);
      try {
        ReportJson.encode(ReportJson.decode(mutated));
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isBetween(300, 2700);
  }

  private static String json(WindowReport report) {
    return new String(ReportJson.encode(report), StandardCharsets.UTF_8);
  }

  private static WindowReport decode(String json) {
    return ReportJson.decode(json.getBytes(StandardCharsets.UTF_8));
  }
}
