/**
 * Passes saved to disk by any program: {@link io.collapsewatch.protocol.saved.SavedPass} reads one,
 * {@link io.collapsewatch.protocol.saved.LabelledPass} what its file says of it, too.
 */
package io.collapsewatch.protocol.saved;
