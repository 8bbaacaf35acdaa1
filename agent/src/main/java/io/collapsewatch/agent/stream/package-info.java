/**
 * Captures over a connection that stays open: {@link io.collapsewatch.agent.stream.StreamServer} is
 * the door.
 */
package io.collapsewatch.agent.stream;
