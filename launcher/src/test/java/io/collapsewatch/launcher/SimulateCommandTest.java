package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateCommandTest {

  private static final JsonMapper JSON = new JsonMapper();

  /** K=4, n=50, λ = .005, theory sheet §3.1: s₀ = .0353553, θ = ln((1−3s₀)/s₀). */
  @Test
  void theEquilibriumIsTheClosedForm() throws Exception {
    CommandRun run =
        CommandRun.of(
            ("simulate ce-ufm --classes 4 --dim 20 --samples 50 --weight-decay 0.005"
                    + " --feature-decay 0.005 --equilibrium --format json")
                .split(" "));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    JsonNode printed = JSON.readTree(run.out());
    assertThat(printed.get("model").textValue()).isEqualTo("ce-ufm");
    JsonNode end = printed.get("equilibrium");
    double s0 = Math.sqrt(50 * 0.005 * 0.005);
    double margin = Math.log((1 - 3 * s0) / s0);
    double weight = 0.75 * Math.sqrt(50) * margin;
    assertThat(end.get("collapsed").booleanValue()).isTrue();
    assertThat(end.get("margin").doubleValue()).isCloseTo(margin, within(1e-12));
    assertThat(end.get("weight_norm_squared").doubleValue()).isCloseTo(weight, within(1e-12));
    assertThat(end.get("feature_norm_squared").doubleValue()).isCloseTo(weight / 50, within(1e-12));
    assertThat(end.get("objective").doubleValue())
        .isCloseTo(-Math.log(1 - 3 * s0) + 0.005 * 4 * weight, within(1e-12));
  }

  /** K=4, c = 4·√50·.05 &gt; 1: zero, with the objective ln 4. */
  @Test
  void beyondTheThresholdTheZeroSolutionIsPrinted() throws Exception {
    CommandRun run =
        CommandRun.of(
            "simulate ce-ufm --weight-decay 0.05 --feature-decay 0.05 --equilibrium --format json"
                .split(" "));

    JsonNode end = JSON.readTree(run.out()).get("equilibrium");
    assertThat(end.get("collapsed").booleanValue()).isFalse();
    assertThat(end.get("margin").doubleValue()).isZero();
    assertThat(end.get("objective").doubleValue()).isCloseTo(Math.log(4), within(1e-15));
  }

  @Test
  void theLastLineOfTheTrajectoryAgreesWithTheEquilibrium() throws Exception {
    String model =
        "simulate ce-ufm --classes 3 --dim 5 --samples 4 --weight-decay 0.01 --feature-decay 0.01 --format json";
    CommandRun way = CommandRun.of((model + " --steps 60000 --every 20000").split(" "));
    CommandRun end = CommandRun.of((model + " --equilibrium").split(" "));

    List<String> lines = way.out().lines().toList();
    assertThat(lines).hasSize(4);
    JsonNode last = JSON.readTree(lines.get(3));
    JsonNode closed = JSON.readTree(end.out()).get("equilibrium");
    assertThat(last.get("step").longValue()).isEqualTo(60_000);
    for (String name :
        List.of("margin", "weight_norm_squared", "feature_norm_squared", "objective")) {
      assertThat(last.get(name).doubleValue())
          .as(name)
          .isCloseTo(closed.get(name).doubleValue(), within(1e-8));
    }
    assertThat(last.get("nc1").doubleValue()).isLessThan(1e-12);
  }

  @Test
  void csvHasALineOfNamesAndOneForEachPoint() {
    CommandRun run =
        CommandRun.of(
            "simulate mse-ufm-relu --classes 2 --dim 3 --samples 2 --steps 25 --every 10"
                .split(" "));

    List<String> lines = run.out().lines().toList();
    assertThat(lines.get(0))
        .startsWith("step,ln_time,objective,margin,")
        .contains(",features.nc1,");
    assertThat(lines.subList(1, lines.size()))
        .extracting(line -> line.substring(0, line.indexOf(',')))
        .containsExactly("0", "10", "20", "25");
    assertThat(lines)
        .allMatch(line -> line.split(",", -1).length == lines.get(0).split(",", -1).length);
  }

  @Test
  void theSameSeedPrintsTheSameNumbers() {
    String[] command =
        "simulate ce-ulpm --classes 3 --dim 3 --samples 2 --steps 50 --seed 9".split(" ");

    assertThat(CommandRun.of(command).out()).isEqualTo(CommandRun.of(command).out());
  }

  @Test
  void theListNamesEveryModel() {
    CommandRun run = CommandRun.of("simulate", "--list");

    assertThat(run.out().lines().map(line -> line.substring(0, line.indexOf(' '))))
        .containsExactly(
            "ce-ufm",
            "ce-ulpm",
            "mse-ufm",
            "mse-ufm-bias",
            "mse-ufm-imbalanced",
            "mse-ufm-extended",
            "mse-ufm-relu",
            "ce-ufm-extended",
            "rho-flow",
            "perturbed-features");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "simulate | no model given; --list names them",
        "simulate ufm | there is no model \"ufm\"; --list names them",
        "simulate ce-ufm --dim 2 | the features have 2 dimensions for 4 classes; expected at least as many as classes",
        "simulate ce-ufm --learning-rate 0 | the learning rate is 0.0; expected a finite number above 0",
        "simulate ce-ufm --every 0 | --every is 0; expected a whole number, 1 or more",
        "simulate ce-ufm --class-counts 5,6,7 | the samples by class are [5, 6, 7]; this model takes as many of each",
        "simulate ce-ufm --publish --equilibrium | --publish sends the way and --equilibrium leaves it out; expected one of them",
        "simulate rho-flow --publish | rho-flow has one norm that moves and features that do not, so it makes no run to publish",
        "simulate ce-ufm --publish --classes 1100 --dim 1100 --samples 1 | classes is 1100; expected 2..1024",
        "simulate ce-ufm --publish --run a/b | run is \"a/b\"; expected [A-Za-z0-9._-]{1,64}",
        "simulate rho-flow --classes 3 | rho-flow is a model of two classes; 3 were asked for",
      })
  void badInputIsSaidInOneSentence(String command, String sentence) {
    CommandRun run = CommandRun.of(command.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch simulate: " + sentence + "; see collapsewatch simulate --help\n");
  }

  @Test
  void aDescentThatDivergesIsSaidWithExitCodeOne() {
    CommandRun run =
        CommandRun.of("simulate mse-ufm-extended --learning-rate 900 --steps 500".split(" "));

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("the objective is not finite after step");
  }

  @Test
  void aModelWithoutAMinimumSaysSo() {
    CommandRun run = CommandRun.of("simulate", "ce-ulpm", "--equilibrium");

    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch simulate: ce-ulpm has no minimum with these decays; without --equilibrium it shows where it goes\n");
    assertThat(Arrays.asList(run.out().split("\n"))).containsExactly("");
  }
}
