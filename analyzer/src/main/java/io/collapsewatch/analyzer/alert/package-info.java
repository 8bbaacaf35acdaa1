/**
 * How a run stands, judged on its reports, and the alerts that follow. The doors are {@link
 * io.collapsewatch.analyzer.alert.RunJudge}, which takes a report, and {@link
 * io.collapsewatch.analyzer.alert.Alerts}, which compares two judgements. No clock and no
 * transport: every time is a parameter. {@code docs/ALERTS.md} has the rules with the figures
 * behind them.
 */
package io.collapsewatch.analyzer.alert;
