/**
 * The agent: takes captures from training processes, reduces them and publishes them to Kafka. The
 * door is {@link io.collapsewatch.agent.Agent}.
 */
package io.collapsewatch.agent;
