/**
 * A real Kafka broker in this JVM, and the topics on whichever broker there is. The doors are
 * {@link io.collapsewatch.launcher.broker.EmbeddedBroker} and {@link
 * io.collapsewatch.launcher.broker.TopicSetup}.
 */
package io.collapsewatch.launcher.broker;
