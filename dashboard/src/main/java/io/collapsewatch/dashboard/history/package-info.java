/**
 * Everything that was reported, in one SQLite file that outlives restarts and the topics'
 * retention. {@link io.collapsewatch.dashboard.history.History} is its door.
 */
package io.collapsewatch.dashboard.history;
