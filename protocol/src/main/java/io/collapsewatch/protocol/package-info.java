/**
 * What crosses a process boundary: captures from a training run, reports about it, and the names
 * and limits both sides agree on. The doors are {@link io.collapsewatch.protocol.Capture} and
 * {@link io.collapsewatch.protocol.WindowReport}; {@code FORMAT.md} says how each looks as bytes.
 */
package io.collapsewatch.protocol;
