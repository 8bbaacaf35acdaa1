package io.collapsewatch.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.launcher.report.ReportFeed;
import io.collapsewatch.launcher.report.ReportTable;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.codec.ReportJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the last reports and then each as it comes, until it is told to end. */
@Command(
    name = "tail",
    description =
        "Prints the last reports and then each as it comes: a line of a table each, or JSON.")
final class TailCommand implements Callable<Integer> {

  private static final int BACKLOG = 20;

  /** Reports of other runs lie in between. */
  private static final int BACKLOG_OF_A_RUN = 10_000;

  private static final long LONGEST_END_MS = 3000;

  /** Escapes all but ASCII, so that nothing in a report can command a terminal. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  @Mixin private KafkaOptions kafka;

  @Option(names = "--run", paramLabel = "ID", description = "Only the reports of this run.")
  private String run;

  @Option(names = "--json", description = "Each report as JSON on a line of its own.")
  private boolean json;

  @Spec private CommandSpec spec;

  private final ReportTable table = new ReportTable(ZoneId.systemDefault());

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    CountDownLatch ended = new CountDownLatch(1);
    int backlog = run == null ? BACKLOG : BACKLOG_OF_A_RUN;
    try (ReportFeed feed = new ReportFeed(kafka.properties(), backlog, err::println)) {
      stopWithTheProcess(feed, ended);
      if (!json) {
        out.println(table.header());
      }
      while (!feed.stopped() && !out.checkError()) {
        feed.poll().forEach(record -> print(record, out, err));
      }
    } finally {
      ended.countDown();
    }
    return Main.DONE;
  }

  /**
   * On TERM and INT the JVM waits for its hooks: long enough to end the line. Not for the reading
   * thread itself, which then asks to end the process and waits for the hooks in turn.
   */
  private static void stopWithTheProcess(ReportFeed feed, CountDownLatch ended) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  feed.stop();
                  awaitBriefly(ended);
                }));
  }

  private static void awaitBriefly(CountDownLatch ended) {
    try {
      boolean unused = ended.await(LONGEST_END_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void print(ConsumerRecord<byte[], byte[]> record, PrintWriter out, PrintWriter err) {
    String id = record.key() == null ? "" : new String(record.key(), UTF_8);
    if (run != null && !run.equals(id)) {
      return;
    }
    try {
      out.println(json ? oneLine(record.value()) : table.line(ReportJson.decode(record.value())));
    } catch (IOException | IllegalArgumentException e) {
      err.printf(
          "record %d of partition %d is no report (%s); skipped%n",
          record.offset(), record.partition(), Printable.quote(String.valueOf(e.getMessage())));
    }
  }

  private static String oneLine(byte[] report) throws IOException {
    JsonNode tree = JSON.readTree(report);
    if (!tree.isObject()) {
      throw new IllegalArgumentException("expected a JSON object");
    }
    return JSON.writeValueAsString(tree);
  }
}
