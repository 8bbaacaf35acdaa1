/**
 * Captures and reports as bytes. The doors are {@link io.collapsewatch.protocol.codec.CaptureCodec}
 * (safetensors) and {@link io.collapsewatch.protocol.codec.ReportJson}; failures are the typed ones
 * of {@link io.collapsewatch.protocol.CaptureException}.
 */
package io.collapsewatch.protocol.codec;
