/**
 * The models of theory sheet §3 that say where collapse ends and along which curve: unconstrained
 * features, their layer-peeled and extended forms, and the flow of the norm product. The doors are
 * {@link io.collapsewatch.analyzer.reference.ModelKind}, which makes a {@link
 * io.collapsewatch.analyzer.reference.ReferenceModel}, and {@link
 * io.collapsewatch.analyzer.reference.Simulation}, which optimises one.
 */
package io.collapsewatch.analyzer.reference;
