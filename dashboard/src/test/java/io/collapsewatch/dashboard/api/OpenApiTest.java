package io.collapsewatch.dashboard.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.history.History;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  @TempDir private Path folder;

  private static JsonNode description() throws IOException {
    try (InputStream json = OpenApiTest.class.getResourceAsStream("openapi.json")) {
      return new ObjectMapper().readTree(json);
    }
  }

  @Test
  void everyRouteIsDescribedAndNothingElseIs() throws IOException {
    Set<String> described = new TreeSet<>();
    description()
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          assertThat(METHODS).contains(method);
                          described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                        }));
    try (History history = History.open(folder.resolve("history.db"));
        EventStream events = new EventStream("test");
        ApiServer server =
            ApiServer.create(
                Door.loopback(0),
                new Board(),
                history,
                run -> false,
                events,
                () -> new byte[0],
                List::of)) {
      Set<String> answered = new TreeSet<>();
      // A path with slashes in it is written differently by the server and in OpenAPI.
      server.routes().forEach(route -> answered.add(route.replace("<path>", "{path}")));
      assertThat(described).isEqualTo(answered);
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() throws IOException {
    JsonNode description = description();
    List<String> references = description.findValuesAsText("$ref");
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      assertThat(description.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }

  @Test
  void everyPlaceholderIsAParameter() throws IOException {
    JsonNode description = description();
    description
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .forEach(
                        operation -> {
                          Set<String> named = new TreeSet<>();
                          for (JsonNode parameter : operation.path("parameters")) {
                            JsonNode resolved =
                                parameter.has("$ref")
                                    ? description.at(parameter.get("$ref").asText().substring(1))
                                    : parameter;
                            if (resolved.path("in").asText().equals("path")) {
                              named.add("{" + resolved.path("name").asText() + "}");
                            }
                          }
                          Set<String> held = new TreeSet<>();
                          for (String part : path.getKey().split("/", -1)) {
                            if (part.startsWith("{")) {
                              held.add(part);
                            }
                          }
                          assertThat(named).as(path.getKey()).isEqualTo(held);
                        }));
  }
}
