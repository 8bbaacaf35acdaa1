/**
 * How every run stands now: the only state of the dashboard that changes. {@link
 * io.collapsewatch.dashboard.board.Board} is its door; what it hands out never changes.
 */
package io.collapsewatch.dashboard.board;
