/**
 * From Kafka to the history and the board. {@link io.collapsewatch.dashboard.feed.KafkaFeed} reads,
 * {@link io.collapsewatch.dashboard.feed.Intake} writes; nothing else here knows Kafka.
 */
package io.collapsewatch.dashboard.feed;
