/**
 * What stands in the way of a start: {@link io.collapsewatch.launcher.doctor.Diagnosis} is the
 * door.
 */
package io.collapsewatch.launcher.doctor;
