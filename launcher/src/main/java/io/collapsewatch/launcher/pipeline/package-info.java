/**
 * The parts of CollapseWatch as processes: all in one JVM, and what each needs of Kafka before it
 * can start. The door is {@link io.collapsewatch.launcher.pipeline.LocalPipeline}.
 */
package io.collapsewatch.launcher.pipeline;
