package io.collapsewatch.launcher.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * How long it takes from the moment at which a capture that makes a report due is posted to the
 * moment at which a reader of server-sent events has that report. Prints percentiles; not part of
 * the build.
 */
class EventLatencyBenchmark {

  private static final int WARM_UP = 100;
  private static final int MEASURED = 500;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  private final BlockingQueue<Long> arrivedSteps = new LinkedBlockingQueue<>();

  @Test
  void printsTheLatencyFromCaptureToEvent() throws Exception {
    try (LocalPipeline pipeline = LocalPipeline.createTemporary(LocalPipeline.Ports.FREE)) {
      pipeline.start();
      await().atMost(Duration.ofSeconds(60)).until(pipeline::ready);
      URI door = URI.create("http://127.0.0.1:%d/v1/capture".formatted(pipeline.agent().port()));
      URI events =
          URI.create(
              "http://127.0.0.1:%d/api/v1/events?run=timed".formatted(pipeline.dashboard().port()));
      Thread reader = new Thread(() -> read(events), "events");
      reader.setDaemon(true);
      Run run = new Run("timed");
      post(door, run.started(OptionalLong.of(1)));
      reader.start();

      double[] milliseconds = new double[MEASURED];
      for (int step = 0; step < WARM_UP + MEASURED; step++) {
        double ms = roundTrip(door, run, step);
        if (step >= WARM_UP) {
          milliseconds[step - WARM_UP] = ms;
        }
      }
      print(milliseconds);
    }
  }

  /** Five rows a batch: the agent's sampling lets all of them through. */
  private double roundTrip(URI door, Run run, long step) throws Exception {
    Capture batch = run.batch(run.header(step)).select(new int[] {0, 1, 2, 3, 4});
    long start = System.nanoTime();
    post(door, batch);
    Long arrived;
    do {
      arrived = arrivedSteps.poll(10, TimeUnit.SECONDS);
      assertThat(arrived).as("the report of step %d", step).isNotNull();
    } while (arrived < step);
    return (System.nanoTime() - start) / 1e6;
  }

  private static void post(URI door, Capture capture) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(door)
            .POST(HttpRequest.BodyPublishers.ofByteArray(CaptureCodec.encode(capture)))
            .build();
    assertThat(HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(202);
  }

  private void read(URI events) {
    HttpRequest request =
        HttpRequest.newBuilder(events).header("Accept", "text/event-stream").build();
    try (InputStream stream = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        Scanner lines = new Scanner(stream, StandardCharsets.UTF_8)) {
      while (lines.hasNextLine()) {
        String line = lines.nextLine();
        if (line.startsWith("data:") && line.contains("\"step_last\"")) {
          arrivedSteps.add(
              JSON.readTree(line.substring("data:".length())).required("step_last").longValue());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void print(double[] milliseconds) {
    Arrays.sort(milliseconds);
    System.out.printf(
        "capture to event, %d reports one after the other: p50 %.0f ms, p95 %.0f ms, p99 %.0f ms, longest %.0f ms%n",
        milliseconds.length,
        percentile(milliseconds, 0.50),
        percentile(milliseconds, 0.95),
        percentile(milliseconds, 0.99),
        milliseconds[milliseconds.length - 1]);
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
