/**
 * Captures and saved passes that any program drops as files into a folder: {@link
 * io.collapsewatch.agent.folder.WatchedFolder} is the door.
 */
package io.collapsewatch.agent.folder;
