/**
 * The linear algebra that the metrics need, and the only user of EJML: its boolean results become
 * exceptions here. {@link io.collapsewatch.analyzer.linalg.Matrix} is what goes in and out.
 */
package io.collapsewatch.analyzer.linalg;
