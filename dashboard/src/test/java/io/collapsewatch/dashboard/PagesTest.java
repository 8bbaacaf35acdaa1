package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {

  @TempDir private Path folder;
  private Running dashboard;

  @BeforeEach
  void start() {
    dashboard = Running.in(folder);
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  @Test
  void aFileIsServedWithItsTypeAndNotTwice() throws Exception {
    HttpResponse<String> first = dashboard.get("/ui/served-in-tests.js");
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body()).isEqualTo("export const served = true;\n");
    assertThat(first.headers().firstValue("Content-Type"))
        .contains("text/javascript; charset=utf-8");
    assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");

    String etag = first.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again =
        dashboard.send(dashboard.request("/ui/served-in-tests.js").header("If-None-Match", etag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(
            dashboard
                .send(dashboard.request("/ui/served-in-tests.js").header("If-None-Match", "\"x\""))
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/nothing.js",
        "/ui/",
        "/ui/../logback-test.xml",
        "/ui/..%2Flogback-test.xml",
        "/ui/%2e%2e/logback-test.xml",
        "/ui/.%2e/io/collapsewatch/dashboard/api/openapi.json",
        "/ui/x/../../io/collapsewatch/dashboard/api/openapi.json",
        "/ui//io/collapsewatch/dashboard/api/openapi.json",
        "/ui/..\\logback-test.xml",
        "/ui/served-in-tests.js%00.txt"
      })
  void nothingElseIsServed(String path) throws Exception {
    String answer =
        dashboard.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*");
    assertThat(answer).doesNotContain("appender", "openapi\"");
  }
}
