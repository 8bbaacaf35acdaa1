/**
 * Alerts by HTTP to whoever wants them, in the shape in which Alertmanager sends them. The door is
 * {@link io.collapsewatch.analyzer.webhook.Webhooks}.
 */
package io.collapsewatch.analyzer.webhook;
