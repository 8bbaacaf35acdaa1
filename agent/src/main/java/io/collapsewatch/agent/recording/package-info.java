/**
 * Captures that were recorded to files, to be sent later: {@link
 * io.collapsewatch.agent.recording.Replay} is the door.
 */
package io.collapsewatch.agent.recording;
