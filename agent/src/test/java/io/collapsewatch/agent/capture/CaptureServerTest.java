package io.collapsewatch.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.codec.Safetensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureServerTest {

  private static final Optional<String> NO_TOKEN = Optional.empty();
  private static final byte[] END = CaptureCodec.encode(new RunEnded(CaptureHeader.of("r", 3)));

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CollectingSink sink = new CollectingSink();
  private final CaptureIntake intake = new CaptureIntake(sink, () -> 0);
  private CaptureServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/octet-stream",
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b"
      })
  void aCaptureOfAnyContentTypeIsTaken(String contentType) throws Exception {
    start(NO_TOKEN);
    HttpResponse<String> response = send(capture(END).header("Content-Type", contentType).build());

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.body()).isEmpty();
    assertThat(sink.captures()).containsExactly(new RunEnded(CaptureHeader.of("r", 3)));
  }

  @Test
  void aChunkedBodyIsTakenToo() throws Exception {
    start(NO_TOKEN);
    FeatureBatch batch =
        FeatureBatch.of(
            CaptureHeader.of("r", 0).withSnapshot("p", true),
            Tensor.ofFloats(new float[200_000], 200, 1000),
            Tensor.ofInts(new int[200], 200));
    assertThat(send(chunked(CaptureCodec.encode(batch))).statusCode()).isEqualTo(202);
    assertThat(sink.captures()).containsExactly(batch);
  }

  @Test
  void whatIsNoCaptureIsAnsweredWithASentence() throws Exception {
    start(NO_TOKEN);
    HttpResponse<String> response = send(capture(new byte[] {1, 2, 3}).build());

    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(new ObjectMapper().readTree(response.body()))
        .isEqualTo(
            new ObjectMapper()
                .valueToTree(
                    Map.of(
                        "type", "about:blank",
                        "title", "Bad Request",
                        "status", 400,
                        "detail",
                            "the blob has 3 bytes; expected at least 8, which hold the length of the header",
                        "reason", "malformed")));
  }

  @Test
  void anUnknownVersionIsRefused() throws Exception {
    start(NO_TOKEN);
    Map<String, String> metadata = Map.of("version", "2", "kind", "end", "run", "r", "step", "0");
    byte[] blob = new Safetensors(metadata, Map.of()).write();
    assertProblem(
        send(capture(blob).build()),
        400,
        "unsupported_version",
        "version is \"2\"; expected \"1\", the only one that this build reads");
  }

  @Test
  void aCaptureThatDoesNotFitItsRunIsRefused() throws Exception {
    start(NO_TOKEN);
    send(capture(batch(3)).build());
    assertProblem(
        send(capture(batch(4)).build()),
        400,
        "mismatch",
        "features is 4 wide and layer penultimate of the run is 3 wide; a layer keeps its width");
    assertThat(sink.batches()).hasSize(1);
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsRefusedUnread() throws Exception {
    start(NO_TOKEN);
    String answer =
        raw("POST /v1/capture HTTP/1.1\r\nHost: localhost\r\nContent-Length: 67108865\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 413 ")
        .contains("the capture has 67108865 bytes; expected at most 67108864");
  }

  @Test
  void aChunkedBodyIsReadUpToTheLimitOnly() {
    BodyReader bodies = new BodyReader(128 << 20);
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] to, int from, int length) {
            return length;
          }
        };
    assertThatThrownBy(() -> bodies.read(endless, -1))
        .isInstanceOf(Refusal.class)
        .hasMessage("the capture has more than 67108864 bytes; expected at most 67108864");
    assertThat(Limits.CAPTURE_BYTES).isEqualTo(67_108_864);
    // All memory is free again.
    bodies.read(new ByteArrayInputStream(new byte[100]), 100).close();
  }

  @Test
  void bodiesTogetherAreBounded() {
    BodyReader bodies = new BodyReader(100_000);
    BodyReader.Body first = bodies.read(new ByteArrayInputStream(new byte[60_000]), 60_000);
    assertThatThrownBy(() -> bodies.read(new ByteArrayInputStream(new byte[60_000]), 60_000))
        .isInstanceOf(Refusal.class)
        .hasMessage("other requests fill the memory for request bodies; send it again");
    first.close();
    assertThat(bodies.read(new ByteArrayInputStream(new byte[60_000]), 60_000).bytes().remaining())
        .isEqualTo(60_000);
  }

  @Test
  void aPromisedLengthAllocatesNothing() {
    BodyReader bodies = new BodyReader(100_000);
    assertThat(bodies.read(InputStream.nullInputStream(), Limits.CAPTURE_BYTES).bytes().remaining())
        .isZero();
  }

  @Test
  void whatFitsNoRecordIsTooLarge() throws Exception {
    start(NO_TOKEN);
    CaptureHeader part = CaptureHeader.of("r", 0).withSnapshot("p", false).withPart(1, 3);
    Tensor features = Tensor.ofFloats(new float[600 * 512], 600, 512);
    FeatureBatch batch = FeatureBatch.of(part, features, Tensor.ofInts(new int[600], 600));
    assertProblem(
        send(capture(CaptureCodec.encode(batch)).build()),
        413,
        "too_large",
        "part 1 of 3 is larger than the 983040 bytes of a record; a part is not split again");
  }

  @Test
  void aFullBufferAsksToComeAgain() throws Exception {
    start(NO_TOKEN);
    sink.full(true);
    HttpResponse<String> response = send(capture(END).build());
    assertProblem(
        response,
        503,
        "buffer_full",
        "the buffer before Kafka is full; send the capture again in a second");
    assertThat(response.headers().firstValue("Retry-After")).contains("1");

    sink.full(false);
    assertThat(send(capture(END).build()).statusCode()).isEqualTo(202);
    assertThat(sink.captures().get(0).header().dropped()).isEmpty();
  }

  @Test
  void itIsReadyWhenNothingIsMissing() throws Exception {
    server =
        CaptureServer.create(
            "127.0.0.1",
            0,
            NO_TOKEN,
            intake,
            () -> sink.connected() ? List.of() : List.of("Kafka"),
            CaptureServerTest::noMetrics);
    server.start();
    assertThat(send(get("/health/live")).statusCode()).isEqualTo(200);
    assertThat(send(get("/health/ready")).body()).isEqualTo("{\"ready\":true,\"reasons\":[]}");

    sink.connected(false);
    HttpResponse<String> waiting = send(get("/health/ready"));
    assertThat(waiting.statusCode()).isEqualTo(503);
    assertThat(waiting.body()).isEqualTo("{\"ready\":false,\"reasons\":[\"Kafka\"]}");
    assertThat(send(get("/health/live")).statusCode()).isEqualTo(200);
  }

  @Test
  void otherPathsAndMethodsAreProblemsToo() throws Exception {
    start(NO_TOKEN);
    assertProblem(
        send(get("/v2/%22%0a")),
        404,
        "not_found",
        "cannot answer GET \"/v2/%22%0a\"; there are POST /v1/capture, GET /health/live, GET /health/ready and GET /metrics");
    HttpResponse<String> wrongMethod = send(get("/v1/capture"));
    assertProblem(
        wrongMethod,
        405,
        "method_not_allowed",
        "cannot answer GET \"/v1/capture\"; this path takes POST; there are POST /v1/capture, GET /health/live, GET /health/ready and GET /metrics");
    assertThat(wrongMethod.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void onlyTheTokenOpensTheDoor() throws Exception {
    start(Optional.of("s3cret"));
    HttpResponse<String> without = send(capture(END).build());
    assertProblem(
        without,
        401,
        "unauthorized",
        "the token is missing or another; expected \"Authorization: Bearer\" with the agent's token");
    assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(send(capture(END).header("Authorization", "Bearer s3cre").build()).statusCode())
        .isEqualTo(401);
    assertThat(send(capture(END).header("Authorization", "Bearer s3cret").build()).statusCode())
        .isEqualTo(202);
    assertThat(send(get("/health/live")).statusCode()).isEqualTo(200);
  }

  @Test
  void noWebPageMayPost() throws Exception {
    start(NO_TOKEN);
    assertProblem(
        send(capture(END).header("Origin", "http://localhost:7070").build()),
        403,
        "forbidden",
        "a web page may not send requests to the agent");
    assertThat(sink.captures()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:7071, 200",
    "127.0.0.1:1, 200",
    "[::1]:7071, 200",
    "evil.example, 403",
    "localhost.evil.example, 403",
    "127.0.0.1.evil.example:7071, 403"
  })
  void onlyNamesOfThisMachineAreAnswered(String host, int status) throws Exception {
    start(NO_TOKEN);
    assertThat(raw("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void withATokenItMayBeCalledByAnyName() throws Exception {
    start(Optional.of("s3cret"));
    assertThat(raw("GET /health/live HTTP/1.1\r\nHost: agent.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aWiderAddressNeedsAToken() {
    assertThatThrownBy(
            () ->
                CaptureServer.create(
                    "0.0.0.0", 0, NO_TOKEN, intake, List::of, CaptureServerTest::noMetrics))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--bind \"0.0.0.0\" lets other machines in, which needs a token; name a file with one by --token-file, or bind to 127.0.0.1");
    server =
        CaptureServer.create(
            "0.0.0.0", 0, Optional.of("t"), intake, List::of, CaptureServerTest::noMetrics);
  }

  @Test
  void aTakenPortIsNamedWithItsFlag() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server =
          CaptureServer.create(
              "127.0.0.1",
              taken.getLocalPort(),
              NO_TOKEN,
              intake,
              List::of,
              CaptureServerTest::noMetrics);
      assertThatThrownBy(server::start)
          .isInstanceOf(CannotListenException.class)
          .hasMessage(
              "port %d is taken; choose another with --agent-port".formatted(taken.getLocalPort()));
    }
  }

  private static byte[] noMetrics() {
    return new byte[0];
  }

  private void start(Optional<String> token) {
    server =
        CaptureServer.create("127.0.0.1", 0, token, intake, List::of, CaptureServerTest::noMetrics);
    server.start();
  }

  private static byte[] batch(int dim) {
    return CaptureCodec.encode(
        FeatureBatch.of(
            CaptureHeader.of("r", 0),
            Tensor.ofFloats(new float[dim], 1, dim),
            Tensor.ofInts(new int[1], 1)));
  }

  private HttpRequest.Builder capture(byte[] blob) {
    return request("/v1/capture").POST(BodyPublishers.ofByteArray(blob));
  }

  private HttpRequest chunked(byte[] blob) {
    BodyPublisher unknownLength =
        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(blob));
    return request("/v1/capture").POST(unknownLength).build();
  }

  private HttpRequest get(String path) {
    return request(path).build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  /** The answer to bytes that an HTTP client would not send. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertProblem(
      HttpResponse<String> response, int status, String reason, String sentence)
      throws IOException {
    JsonNode problem = new ObjectMapper().readTree(response.body());
    assertThat(problem.path("detail").textValue()).isEqualTo(sentence);
    assertThat(problem.path("reason").textValue()).isEqualTo(reason);
    assertThat(problem.path("status").intValue()).isEqualTo(status);
    assertThat(response.statusCode()).isEqualTo(status);
  }
}
