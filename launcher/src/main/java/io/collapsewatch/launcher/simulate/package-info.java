/**
 * What the command {@code simulate} prints, {@link
 * io.collapsewatch.launcher.simulate.TrajectoryFormat}, and what it publishes, {@link
 * io.collapsewatch.launcher.simulate.Publication}.
 */
package io.collapsewatch.launcher.simulate;
