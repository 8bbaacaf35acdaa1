/**
 * The metrics of neural collapse. The door is {@link io.collapsewatch.analyzer.collapse.Collapse};
 * each criterion has a class of its own behind it.
 */
package io.collapsewatch.analyzer.collapse;
