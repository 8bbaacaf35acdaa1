/**
 * From a training process to checked, sampled messages. The doors are {@link
 * io.collapsewatch.agent.capture.CaptureServer} for other processes and {@link
 * io.collapsewatch.agent.capture.Recorder} for a training loop in this one; both feed one {@link
 * io.collapsewatch.agent.capture.CaptureIntake}.
 */
package io.collapsewatch.agent.capture;
