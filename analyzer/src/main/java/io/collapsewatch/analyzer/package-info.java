/**
 * From captures to reports. The door is {@link io.collapsewatch.analyzer.Analyzer}; the mathematics
 * is in {@code collapse}, {@code margin} and {@code linalg}, and knows nothing of Kafka.
 */
package io.collapsewatch.analyzer;
