/**
 * The demo: small networks trained on handwritten digits, some that collapse and one that does not.
 * The door is {@link io.collapsewatch.launcher.demo.DemoTraining}. It is there to have something
 * real to watch and is no library for training networks.
 */
package io.collapsewatch.launcher.demo;
