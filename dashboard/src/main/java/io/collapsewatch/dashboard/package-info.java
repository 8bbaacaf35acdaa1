/**
 * The dashboard: reads what the analyzer reports, keeps it and shows it. {@link
 * io.collapsewatch.dashboard.Dashboard} is the door.
 */
package io.collapsewatch.dashboard;
