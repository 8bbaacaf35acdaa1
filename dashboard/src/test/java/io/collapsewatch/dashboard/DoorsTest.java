package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Running.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.dashboard.api.CannotListenException;
import io.collapsewatch.dashboard.api.Door;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoorsTest {

  private static final String NO_TOKEN =
      "the token is missing or another; expected \"Authorization: Bearer\" with the dashboard's token, or any name with the token as password";

  @TempDir private Path folder;
  private Running dashboard;

  @AfterEach
  void stop() {
    if (dashboard != null) {
      dashboard.close();
    }
  }

  @Test
  void aWiderAddressNeedsAToken() {
    assertThatThrownBy(() -> new Door("0.0.0.0", 0, Optional.empty(), Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--bind \"0.0.0.0\" lets other machines in, which needs a token; name a file with one by --token-file, or bind to 127.0.0.1");
    assertThatThrownBy(() -> new Door("0.0.0.0", 0, Optional.of(" "), Set.of()))
        .hasMessage("the dashboard's token is empty; expected a secret text");
    assertThatThrownBy(() -> Door.loopback(65_536))
        .hasMessage("the dashboard's port is 65536; expected 0..65535");
    assertThat(new Door("0.0.0.0", 0, Optional.of("s3cret"), Set.of()).toString())
        .isEqualTo("Door[host=0.0.0.0, port=0, token=set, names=[]]");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:7070, 200",
    "127.0.0.1:1, 200",
    "[::1]:7070, 200",
    "board.example:7070, 200",
    "evil.example, 403",
    "localhost.evil.example, 403",
    "127.0.0.1.evil.example:7070, 403",
    "192.168.1.5:7070, 403"
  })
  void onlyKnownNamesAreAnswered(String host, int status) throws Exception {
    dashboard =
        Running.behind(new Door("127.0.0.1", 0, Optional.empty(), Set.of("board.example")), folder);
    String answer =
        dashboard.raw(
            "GET /api/v1/runs HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    if (status == 403) {
      assertThat(answer)
          .contains(
              "Host is \\\"%s\\\"; expected localhost, 127.0.0.1 or [::1], or a name given by --allow-host"
                  .formatted(host));
    }
  }

  @Test
  void bindingWiderAnyAddressIsAKnownName() throws Exception {
    dashboard = wide();
    for (String host : new String[] {"192.168.1.5:7070", "[fe80::1]:7070", "localhost"}) {
      assertThat(health(host)).startsWith("HTTP/1.1 200 ");
    }
    for (String host : new String[] {"evil.example", "1.2.3.4.evil.example", "1.2.3.example"}) {
      assertThat(health(host)).startsWith("HTTP/1.1 403 ");
    }
  }

  private String health(String host) throws Exception {
    return dashboard.raw(
        "GET /health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "http://127.0.0.1"})
  void anotherSitesPageIsRefused(String origin) throws Exception {
    dashboard = Running.in(folder);
    dashboard.feed().bring(nc1("r", 1, 1));
    String host = "127.0.0.1:" + dashboard.port();
    assertProblem(
        dashboard.send(dashboard.request("/api/v1/runs/r").DELETE().header("Origin", origin)),
        403,
        "forbidden",
        "Origin is \"%s\" and Host \"%s\"; only the dashboard's own page may send requests from a browser"
            .formatted(origin, host));
    assertThat(dashboard.get("/api/v1/runs/r").statusCode()).isEqualTo(200);
  }

  @Test
  void itsOwnPageMayAsk() throws Exception {
    dashboard = Running.in(folder);
    String own = "http://127.0.0.1:" + dashboard.port();
    HttpResponse<String> answer =
        dashboard.send(dashboard.request("/api/v1/runs").header("Origin", own));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map().keySet())
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/runs", "/nothing", "/metrics", "/health/live", "/openapi.json"})
  void everyAnswerForbidsWhatAPageNeedsNot(String path) throws Exception {
    dashboard = Running.in(folder);
    HttpResponse<String> answer = dashboard.get(path);
    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .contains(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(answer.headers().firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
  }

  @Test
  void onLoopbackOnlyHidingNeedsTheToken() throws Exception {
    dashboard = Running.behind(new Door("127.0.0.1", 0, Optional.of("s3cret"), Set.of()), folder);
    dashboard.feed().bring(nc1("r", 1, 1));
    assertThat(dashboard.get("/api/v1/runs").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = dashboard.send(dashboard.request("/api/v1/runs/r").DELETE());
    assertProblem(refused, 401, "unauthorized", NO_TOKEN);
    assertThat(refused.headers().firstValue("WWW-Authenticate"))
        .contains("Basic realm=\"CollapseWatch\", charset=\"UTF-8\"");
    assertThat(
            dashboard
                .send(
                    dashboard
                        .request("/api/v1/runs/r")
                        .DELETE()
                        .header("Authorization", "Bearer s3cret"))
                .statusCode())
        .isEqualTo(204);
  }

  @Test
  void bindingWiderEverythingButTheHealthNeedsTheToken() throws Exception {
    dashboard = wide();
    for (String path : List.of("/api/v1/runs", "/", "/metrics", "/ui/x.js", "/api/v1/events")) {
      assertProblem(dashboard.get(path), 401, "unauthorized", NO_TOKEN);
    }
    assertThat(dashboard.get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(runsWith("Bearer s3cret")).isEqualTo(200);
    assertThat(runsWith("bearer s3cret")).isEqualTo(200);
    assertThat(runsWith(basic("anybody:s3cret"))).isEqualTo(200);
    for (String wrong :
        List.of(
            "Bearer s3cre",
            "Bearer s3cret2",
            "s3cret",
            basic("s3cret"),
            basic("s3cret:"),
            "Basic ???",
            "Basic ")) {
      assertThat(runsWith(wrong)).as(wrong).isEqualTo(401);
    }
  }

  private int runsWith(String authorization) throws Exception {
    return dashboard
        .send(dashboard.request("/api/v1/runs").header("Authorization", authorization))
        .statusCode();
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private Running wide() {
    return Running.behind(new Door("0.0.0.0", 0, Optional.of("s3cret"), Set.of()), folder);
  }

  @Test
  void aQueryHasALimit() throws Exception {
    dashboard = Running.in(folder);
    assertProblem(
        dashboard.get("/api/v1/runs?" + "x".repeat(4097)),
        400,
        "bad_request",
        "the query has 4097 characters; expected at most 4096");
  }

  @Test
  void otherPathsAndMethodsAreProblems() throws Exception {
    dashboard = Running.in(folder);
    assertProblem(
        dashboard.get("/api/v2/%22%0a"),
        404,
        "not_found",
        "cannot answer GET \"/api/v2/%22%0a\"; /openapi.json says what can be asked");
    assertProblem(
        dashboard.send(dashboard.request("/api/v1/runs").DELETE()),
        405,
        "method_not_allowed",
        "cannot answer DELETE \"/api/v1/runs\"; /openapi.json says what can be asked");
  }

  @Test
  void aTakenPortIsNamedWithItsFlag() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Dashboard second =
            Dashboard.create(
                DashboardConfig.of("none:1", folder.resolve("second.db"))
                    .withDoor(Door.loopback(taken.getLocalPort())),
                List::of,
                Fed::new)) {
      assertThatThrownBy(second::start)
          .isInstanceOf(CannotListenException.class)
          .hasMessage(
              "port %d is taken; choose another with --port".formatted(taken.getLocalPort()));
    }
  }

  @Test
  void itIsReadyWhenNothingIsMissing() throws Exception {
    List<String> missing = new ArrayList<>(List.of("the broker is starting"));
    dashboard = Running.missing(folder, () -> List.copyOf(missing));
    assertThat(dashboard.ready()).isFalse();
    HttpResponse<String> answer = dashboard.get("/health/ready");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo("{\"ready\":false,\"reasons\":[\"the broker is starting\"]}");
    assertThat(dashboard.get("/health/live").statusCode()).isEqualTo(200);

    missing.clear();
    assertThat(dashboard.get("/health/ready").body()).isEqualTo("{\"ready\":true,\"reasons\":[]}");
    assertThat(dashboard.ready()).isTrue();
  }
}
