/**
 * Reports read from Kafka and shown to people: {@link io.collapsewatch.launcher.report.ReportFeed}
 * and {@link io.collapsewatch.launcher.report.ReportTable}.
 */
package io.collapsewatch.launcher.report;
