/**
 * The board as Prometheus reads it; {@link io.collapsewatch.dashboard.prometheus.MetricsPage} is
 * the door.
 */
package io.collapsewatch.dashboard.prometheus;
