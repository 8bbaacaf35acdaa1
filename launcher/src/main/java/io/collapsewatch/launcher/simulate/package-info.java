/**
 * What the command {@code simulate} prints: {@link
 * io.collapsewatch.launcher.simulate.TrajectoryFormat}.
 */
package io.collapsewatch.launcher.simulate;
