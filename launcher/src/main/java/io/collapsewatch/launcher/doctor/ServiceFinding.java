package io.collapsewatch.launcher.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a service of ours is at work.
 *
 * @param service what it is called
 * @param address where it was asked
 * @param reachable whether it answered
 * @param ready whether it says that it does its work
 * @param problem why not
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record ServiceFinding(
    String service, String address, boolean reachable, boolean ready, Optional<String> problem) {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  static ServiceFinding of(String service, int port) {
    String address = "http://127.0.0.1:" + port;
    try {
      int status = ask(URI.create(address + "/health/ready"));
      return switch (status) {
        case OK -> new ServiceFinding(service, address, true, true, Optional.empty());
        case UNAVAILABLE ->
            new ServiceFinding(service, address, true, false, Optional.of("it is not ready"));
        default -> absent(service, address, "status %d; expected 200 or 503".formatted(status));
      };
    } catch (IOException e) {
      return absent(service, address, "no answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return absent(service, address, "interrupted");
    }
  }

  private static ServiceFinding absent(String service, String address, String problem) {
    return new ServiceFinding(service, address, false, false, Optional.of(problem));
  }

  private static int ask(URI address) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
    return HttpClient.newBuilder()
        .connectTimeout(PATIENCE)
        .build()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  String sentence() {
    if (ready) {
      return "the %s at %s is at work".formatted(service, address);
    }
    return reachable
        ? "the %s at %s is there, but not ready".formatted(service, address)
        : "there is no %s at %s (%s)".formatted(service, address, problem.orElse(""));
  }
}
