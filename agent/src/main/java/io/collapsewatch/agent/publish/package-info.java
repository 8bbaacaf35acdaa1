/**
 * From checked captures to Kafka. The door is {@link io.collapsewatch.agent.publish.CaptureSink};
 * {@link io.collapsewatch.agent.publish.KafkaSink} is the one that the agent uses.
 */
package io.collapsewatch.agent.publish;
