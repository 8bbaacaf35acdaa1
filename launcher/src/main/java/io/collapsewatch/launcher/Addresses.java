package io.collapsewatch.launcher;

import io.collapsewatch.launcher.pipeline.LocalPipeline;

/** Where what runs in this process is reached, for people. */
final class Addresses {

  private static final String LOOPBACK = "127.0.0.1";

  private Addresses() {}

  static String of(LocalPipeline pipeline) {
    return "CollapseWatch is up: dashboard at %s, captures at %s and %s:%d, Kafka at %s"
        .formatted(
            dashboard(pipeline),
            captures(LOOPBACK, pipeline.agent().port()),
            LOOPBACK,
            pipeline.agent().streamPort(),
            pipeline.bootstrapServers());
  }

  static String dashboard(LocalPipeline pipeline) {
    return dashboard(LOOPBACK, pipeline.dashboard().port());
  }

  static String dashboard(String host, int port) {
    return http(host, port) + "/";
  }

  static String captures(String host, int port) {
    return http(host, port) + "/v1/capture";
  }

  /** In an address, one of IPv6 stands in brackets. */
  private static String http(String host, int port) {
    boolean bare = host.contains(":") && !host.startsWith("[");
    return "http://%s:%d".formatted(bare ? "[" + host + "]" : host, port);
  }
}
