/**
 * Captures in, reports out: the topology, its processor and its stores. The door is {@link
 * io.collapsewatch.analyzer.stream.CaptureTopology}. What is measured, and when, is decided in
 * {@code window}; here it is read, kept and sent. {@link
 * io.collapsewatch.analyzer.stream.AlertDelivery} reads the alerts that came of it.
 */
package io.collapsewatch.analyzer.stream;
