package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for a training loop in Java: one for each run and process. Every call returns without
 * waiting; what cannot be taken is dropped and counted. Arrays are copied and may be reused. Not
 * thread-safe: a training loop owns its recorder.
 *
 * <p>No call throws, whatever it is given: the training is worth more than its telemetry. The first
 * message that is dropped for a reason is logged with the reason, every one is counted in {@link
 * #dropped} and in the headers of later messages.
 */
public final class Recorder implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  private final CaptureIntake intake;
  private final CaptureHeader sender;
  private long step;
  private OptionalDouble epoch = OptionalDouble.empty();

  /** Begins at the clock, so that a process that is started again does not repeat old numbers. */
  private long seq = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

  private boolean closed;

  private Recorder(CaptureIntake intake, CaptureHeader sender) {
    this.intake = intake;
    this.sender = sender;
  }

  /** A recorder of a run's first attempt in a single process. Sends that the run begins. */
  public static Recorder start(CaptureIntake intake, String run, RunSettings settings) {
    return start(intake, run, settings, 0, 0, 1);
  }

  /**
   * A recorder of one process of a run. Sends that the run begins. Unlike the calls of the training
   * loop itself, this one refuses what it cannot work with.
   *
   * @param run id of the run, {@code [A-Za-z0-9._-]{1,64}}
   * @param attempt how often the run was restarted
   * @param rank rank of this process, 0..worldSize−1
   * @param worldSize processes that train this run together
   * @throws MalformedCaptureException if the id or a number is not as above
   */
  public static Recorder start(
      CaptureIntake intake,
      String run,
      RunSettings settings,
      int attempt,
      int rank,
      int worldSize) {
    CaptureHeader sender = CaptureHeader.of(run, 0).withSender(attempt, rank, worldSize);
    Recorder recorder = new Recorder(intake, sender);
    recorder.send(header -> new RunStarted(header, settings));
    return recorder;
  }

  /**
   * Sets where the following calls belong.
   *
   * @param newStep optimisation step, ≥ 0
   * @param newEpoch epoch, finite and ≥ 0; fractions are welcome
   */
  public void step(long newStep, double newEpoch) {
    step = newStep;
    epoch = OptionalDouble.of(newEpoch);
  }

  /**
   * A batch that the network is trained on, sampled to the budget; the statistics of the margins
   * cover all of its rows.
   *
   * @param features [B][d], not modified
   * @param labels [B], each in 0..K−1, not modified
   * @param logits [B][K], not modified
   */
  public void batch(float[][] features, int[] labels, float[][] logits) {
    guarded(
        () -> {
          Tensor y = TrainingArrays.vector("labels", labels);
          Tensor z = TrainingArrays.matrix("logits", logits);
          CaptureHeader here = here();
          if (!intake.wants(here, labels.length)) {
            intake.note(here, Margins.ofLogits(z, y).statistics());
            return true;
          }
          Tensor h = TrainingArrays.matrix("features", features);
          return intake.accept(
              new FeatureBatch(
                  numbered(here), h, y, Optional.of(z), Optional.empty(), Optional.empty()));
        });
  }

  /**
   * A batch without logits, sampled to the budget.
   *
   * @param features [B][d], not modified
   * @param labels [B], not modified
   */
  public void batch(float[][] features, int[] labels) {
    guarded(
        () -> {
          Tensor y = TrainingArrays.vector("labels", labels);
          CaptureHeader here = here();
          if (!intake.wants(here, labels.length)) {
            intake.counts().sample(0, labels.length);
            return true;
          }
          Tensor h = TrainingArrays.matrix("features", features);
          return intake.accept(FeatureBatch.of(numbered(here), h, y));
        });
  }

  /**
   * The weights of the last linear layer.
   *
   * @param weight [K][d], not modified
   * @param bias [K], not modified
   */
  public void classifier(float[][] weight, float[] bias) {
    send(header -> classifier(header, weight, TrainingArrays.vector("bias", bias)));
  }

  /**
   * The weights of a last linear layer without bias.
   *
   * @param weight [K][d], not modified
   */
  public void classifier(float[][] weight) {
    send(header -> classifier(header, weight, null));
  }

  /**
   * Numbers of the step.
   *
   * @param layerNorms ‖W_l‖_F by name, in the order of the layers; not modified
   */
  public void stats(
      OptionalDouble loss,
      OptionalDouble accuracy,
      OptionalDouble learningRate,
      OptionalDouble weightDecay,
      Map<String, Double> layerNorms) {
    send(
        header ->
            new TrainingStats(
                header, loss, accuracy, learningRate, weightDecay, layerNorms, Optional.empty()));
  }

  /**
   * Begins a pass over the training data with frozen weights; see {@link #snapshot(String,
   * String)}.
   */
  public Snapshot snapshot(String id) {
    return snapshot(id, CaptureHeader.TRAIN);
  }

  /**
   * Begins a pass with frozen weights; closing it ends the pass. Never sampled. A pass without a
   * batch sends nothing.
   *
   * @param id {@code [A-Za-z0-9._-]{1,64}}, another for each pass of the run
   * @param split which data: {@code [a-z0-9_-]{1,32}}
   */
  public Snapshot snapshot(String id, String split) {
    return new Snapshot(this, id, split);
  }

  /** Messages lost so far, by reason. */
  public Map<String, Long> dropped() {
    return intake.dropped(sender);
  }

  /** Ends the run; later calls do nothing. */
  @Override
  public void close() {
    if (!closed) {
      send(RunEnded::new);
      closed = true;
    }
  }

  /** A pass with frozen weights. */
  public static final class Snapshot implements AutoCloseable {

    private final Recorder recorder;
    private final String id;
    private final String split;

    /** Waits for the first batch, so that a pass without one sends nothing. */
    private ClassifierSnapshot classifier;

    /** Waits for the next batch or the end, because the last message says that it is the last. */
    private FeatureBatch held;

    private Snapshot(Recorder recorder, String id, String split) {
      this.recorder = recorder;
      this.id = id;
      this.split = split;
    }

    /**
     * The classifier of the pass.
     *
     * @param weight [K][d], not modified
     * @param bias [K], not modified
     */
    public void classifier(float[][] weight, float[] bias) {
      set(() -> Recorder.classifier(here(), weight, TrainingArrays.vector("bias", bias)));
    }

    /**
     * The classifier of the pass, without bias.
     *
     * @param weight [K][d], not modified
     */
    public void classifier(float[][] weight) {
      set(() -> Recorder.classifier(here(), weight, null));
    }

    private void set(Supplier<ClassifierSnapshot> next) {
      recorder.guarded(
          () -> {
            classifier = next.get();
            return held == null || sendClassifier();
          });
    }

    /**
     * A batch of the pass.
     *
     * @param features [B][d], not modified
     * @param labels [B], not modified
     */
    public void batch(float[][] features, int[] labels) {
      recorder.guarded(
          () -> {
            Tensor h = TrainingArrays.matrix("features", features);
            FeatureBatch next = FeatureBatch.of(here(), h, TrainingArrays.vector("labels", labels));
            FeatureBatch previous = held;
            held = next;
            return previous == null ? sendClassifier() : send(previous, false);
          });
    }

    /** Ends the pass. */
    @Override
    public void close() {
      FeatureBatch last = held;
      held = null;
      if (last != null) {
        recorder.guarded(() -> send(last, true));
      }
    }

    private CaptureHeader here() {
      return recorder.here().withSource(split, CaptureHeader.PENULTIMATE).withSnapshot(id, false);
    }

    private boolean sendClassifier() {
      ClassifierSnapshot message = classifier;
      classifier = null;
      if (message == null) {
        return true;
      }
      CaptureHeader header = recorder.numbered(message.header());
      return recorder.intake.accept(message.slice(header, 0, message.weight().rows()));
    }

    private boolean send(FeatureBatch message, boolean end) {
      CaptureHeader header = recorder.numbered(message.header().withSnapshot(id, end));
      return recorder.intake.accept(message.slice(header, 0, message.rows()));
    }
  }

  private static ClassifierSnapshot classifier(
      CaptureHeader header, float[][] weight, Tensor bias) {
    Tensor w = TrainingArrays.matrix("weight", weight);
    return ClassifierSnapshot.of(header, w, Optional.ofNullable(bias));
  }

  private void send(Function<CaptureHeader, Capture> message) {
    guarded(() -> intake.accept(message.apply(numbered(here()))));
  }

  private CaptureHeader here() {
    CaptureHeader here =
        CaptureHeader.of(sender.run(), step)
            .withSender(sender.attempt(), sender.rank(), sender.worldSize());
    return epoch.isPresent() ? here.withEpoch(epoch.getAsDouble()) : here;
  }

  private CaptureHeader numbered(CaptureHeader header) {
    return header.withSeq(OptionalLong.of(seq++));
  }

  /**
   * Runs one call of the training loop, which must not see it fail.
   *
   * @param call returns false when the buffer is full
   */
  private void guarded(BooleanSupplier call) {
    if (closed) {
      return;
    }
    Counts.ByDoor counts = intake.counts().of(Door.RECORDER);
    counts.receive();
    try {
      if (call.getAsBoolean()) {
        counts.take();
      } else {
        drop(
            DropReason.BUFFER_FULL,
            "the buffer before Kafka is full, or the agent is closed",
            null);
      }
    } catch (CaptureException e) {
      counts.refuse();
      drop(DropReason.REFUSED, e.getMessage(), null);
    } catch (RuntimeException e) {
      // A fault of this library rather than of the caller, so its place is worth knowing.
      counts.refuse();
      drop(DropReason.REFUSED, e.toString(), e);
    }
  }

  private void drop(String reason, String sentence, Throwable fault) {
    boolean first = !dropped().containsKey(reason);
    intake.drop(sender, reason);
    if (first) {
      log.warn(
          "a capture of run {} is dropped, and so may be later ones, which are only counted: {}",
          sender.run(),
          sentence,
          fault);
    }
  }
}
