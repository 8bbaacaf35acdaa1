/** The command line: {@link io.collapsewatch.launcher.Main} and one class for each command. */
package io.collapsewatch.launcher;
