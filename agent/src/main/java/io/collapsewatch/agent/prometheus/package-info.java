/**
 * The agent as Prometheus reads it; {@link io.collapsewatch.agent.prometheus.MetricsPage} is the
 * door.
 */
package io.collapsewatch.agent.prometheus;
