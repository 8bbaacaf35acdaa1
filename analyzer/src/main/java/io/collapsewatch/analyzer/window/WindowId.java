package io.collapsewatch.analyzer.window;

import io.collapsewatch.protocol.CaptureHeader;

/** Whose window: reports of one (run, split, layer) are made one after the other. */
public record WindowId(String run, String split, String layer) {

  /** The window that a capture belongs to. */
  public static WindowId of(CaptureHeader header) {
    return new WindowId(header.run(), header.split(), header.layer());
  }
}
