/**
 * A live run beside a reference model, theory sheet §4. The door is {@link
 * io.collapsewatch.analyzer.compare.WindowComparison}.
 */
package io.collapsewatch.analyzer.compare;
