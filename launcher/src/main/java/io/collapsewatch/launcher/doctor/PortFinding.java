package io.collapsewatch.launcher.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/**
 * Whether a port of ours is free.
 *
 * @param use what the port is for
 * @param port its number
 * @param free whether {@code up} could take it
 * @param ours whether the service that belongs there answers on it
 * @param takenBy the process that has it, where that can be seen
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record PortFinding(String use, int port, boolean free, boolean ours, Optional<String> takenBy) {

  static PortFinding of(String use, int port, boolean ours, PortOwner owner) {
    boolean free = free(port);
    return new PortFinding(
        use, port, free, !free && ours, free ? Optional.empty() : owner.of(port));
  }

  private static boolean free(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  String sentence() {
    if (free) {
      return "port %d (%s) is free".formatted(port, use);
    }
    String what = ours ? "CollapseWatch's " + use : "another program";
    return "port %d (%s) is taken by %s%s"
        .formatted(port, use, what, takenBy.map(owner -> ": " + owner).orElse(""));
  }
}
