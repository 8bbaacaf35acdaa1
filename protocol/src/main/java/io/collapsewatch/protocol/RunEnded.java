package io.collapsewatch.protocol;

/** A rank of the run has finished and sends nothing more in this attempt. */
public record RunEnded(CaptureHeader header) implements Capture {}
