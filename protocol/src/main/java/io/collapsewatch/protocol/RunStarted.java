package io.collapsewatch.protocol;

/**
 * A run begins, or says more of itself.
 *
 * @param settings what the sender knows of the run
 */
public record RunStarted(CaptureHeader header, RunSettings settings) implements Capture {}
