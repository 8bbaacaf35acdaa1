package io.collapsewatch.analyzer.window;

import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import java.util.Collections;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of a pass with frozen weights beside its batches.
 *
 * @param dim d
 * @param stepFirst the lowest step of its batches
 * @param stepLast the highest step of its batches
 * @param epoch the epoch of its newest batch, where the run says it
 * @param worldSize ranks that take part
 * @param endedRanks ranks that have sent their last batch
 * @param batches batches held
 * @param bytes bytes of the batches held
 * @param folded whether earlier batches have been folded into streaming statistics
 * @param leftOutRows rows that were not taken because the pass had become too large
 * @param missingParts parts announced and not come, of messages that were split
 * @param droppedBefore messages of the run lost before the pass began
 */
public record PassState(
    int dim,
    long stepFirst,
    long stepLast,
    OptionalDouble epoch,
    int worldSize,
    SortedSet<Integer> endedRanks,
    int batches,
    long bytes,
    boolean folded,
    long leftOutRows,
    long missingParts,
    long droppedBefore) {

  public PassState {
    endedRanks = Collections.unmodifiableSortedSet(new TreeSet<>(endedRanks));
  }

  /**
   * Of a pass without a batch, at the step of the first one.
   *
   * @param dropped messages of the run lost so far
   */
  public static PassState startingWith(FeatureBatch batch, long dropped) {
    CaptureHeader header = batch.header();
    return new PassState(
        batch.dim(),
        header.step(),
        header.step(),
        header.epoch(),
        header.worldSize(),
        new TreeSet<>(),
        0,
        0,
        false,
        0,
        0,
        dropped);
  }

  /** After the message of a batch, whether its rows are taken or left out. */
  private PassState afterMessage(CaptureHeader header, int held, long size, long leftOut) {
    TreeSet<Integer> ended = new TreeSet<>(endedRanks);
    if (header.snapshotEnd()) {
      ended.add(header.rank());
    }
    int announced = header.part() == 0 ? header.parts() : 0;
    return new PassState(
        dim,
        Math.min(stepFirst, header.step()),
        Math.max(stepLast, header.step()),
        header.epoch(),
        Math.max(worldSize, header.worldSize()),
        ended,
        batches + held,
        bytes + size,
        folded,
        leftOutRows + leftOut,
        missingParts + announced - 1,
        droppedBefore);
  }

  /** After a batch of {@code size} bytes that is held. */
  public PassState after(FeatureBatch batch, int size) {
    return afterMessage(batch.header(), 1, size, 0);
  }

  /** After a batch that is left out. */
  public PassState without(FeatureBatch batch) {
    return afterMessage(batch.header(), 0, 0, batch.rows());
  }

  /** After the batches held were folded into streaming statistics. */
  public PassState afterFolding() {
    return new PassState(
        dim,
        stepFirst,
        stepLast,
        epoch,
        worldSize,
        endedRanks,
        0,
        0,
        true,
        leftOutRows,
        missingParts,
        droppedBefore);
  }

  /** Whether every rank has ended the pass. */
  public boolean ended() {
    return endedRanks.size() >= worldSize;
  }

  /** The share of the ranks that have ended the pass, 0..1. */
  public double completeness() {
    return Math.min(1, endedRanks.size() / (double) worldSize);
  }
}
