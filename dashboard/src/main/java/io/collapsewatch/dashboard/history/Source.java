package io.collapsewatch.dashboard.history;

/**
 * A partition that is read.
 *
 * @param topic its name
 * @param topicId Kafka's id of the topic: a topic that was deleted and created again is another
 * @param partition its number
 */
public record Source(String topic, String topicId, int partition) {}
