package io.collapsewatch.launcher.demo;

import io.collapsewatch.agent.capture.Recorder;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Trains one network of the demo and tells a recorder what a training loop can tell: its live
 * batches, its classifier and numbers as they change, and passes over the whole set with frozen
 * weights. A seed gives the same network on every machine. Uses one thread, that of the caller.
 */
public final class DemoTraining {

  private static final int BATCH = 64;
  private static final int SNAPSHOT_ROWS = 512;
  private static final int SNAPSHOT_EPOCHS = 10;
  private static final int STATS_STEPS = 10;

  private final Digits digits = Digits.load();
  private final DemoRun run;
  private final int epochs;
  private final SplittableRandom random;
  private final Network network;
  private final Recorder recorder;
  private long step;

  /**
   * @param epochs passes over the data, ≥ 1
   * @param recorder of this run; closed by the caller
   */
  public DemoTraining(DemoRun run, int epochs, long seed, Recorder recorder) {
    this.run = run;
    this.epochs = epochs;
    this.recorder = recorder;
    random = new SplittableRandom(seed);
    network = new Network(Digits.PIXELS, run.widths(), Digits.CLASSES, run.batchNorm(), random);
  }

  /**
   * Trains to the end.
   *
   * @param stopped asked before every epoch; true ends the training there
   */
  public void run(BooleanSupplier stopped) {
    int[] order = IntStream.range(0, digits.size()).toArray();
    for (int epoch = 0; epoch < epochs && !stopped.getAsBoolean(); epoch++) {
      shuffle(order);
      trainEpoch(epoch, order);
      if ((epoch + 1) % SNAPSHOT_EPOCHS == 0 || epoch + 1 == epochs) {
        snapshot(epoch + 1);
      }
    }
  }

  /** The network in its present state. */
  Network network() {
    return network;
  }

  /** As many whole batches as there are; the few samples left over come in another epoch. */
  private void trainEpoch(int epoch, int[] order) {
    int batches = order.length / BATCH;
    for (int i = 0; i < batches; i++) {
      recorder.step(step, epoch + (double) i / batches);
      trainStep(digits.select(order, i * BATCH, (i + 1) * BATCH), learningRate(epoch));
      step++;
    }
  }

  /** The recorder hears of the weights that made the features, so before they change. */
  private void trainStep(Digits batch, double learningRate) {
    Network.Output output = network.forward(batch.images(), true);
    BatchLoss loss = run.lossOf(output.logits(), batch.labels());
    if (step % STATS_STEPS == 0) {
      recorder.classifier(network.classifierWeight(), network.classifierBias());
      recorder.stats(
          OptionalDouble.of(loss.mean()),
          OptionalDouble.of(loss.accuracy()),
          OptionalDouble.of(learningRate),
          OptionalDouble.of(run.weightDecay()),
          network.layerNorms());
    }
    recorder.batch(output.features(), batch.labels(), output.logits());
    network.backward(loss.gradient());
    network.step((float) learningRate, (float) run.weightDecay());
  }

  /** Cut by 10 after half and after four fifths of the epochs. */
  private double learningRate(int epoch) {
    if (epoch >= 0.8 * epochs) {
      return run.learningRate() / 100;
    }
    return epoch >= 0.5 * epochs ? run.learningRate() / 10 : run.learningRate();
  }

  private void snapshot(int epoch) {
    recorder.step(step, epoch);
    try (Recorder.Snapshot pass = recorder.snapshot("epoch-%04d".formatted(epoch))) {
      pass.classifier(network.classifierWeight(), network.classifierBias());
      int[] all = IntStream.range(0, digits.size()).toArray();
      for (int from = 0; from < all.length; from += SNAPSHOT_ROWS) {
        Digits rows = digits.select(all, from, Math.min(from + SNAPSHOT_ROWS, all.length));
        pass.batch(network.forward(rows.images(), false).features(), rows.labels());
      }
    }
  }

  /** Fisher and Yates. */
  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
