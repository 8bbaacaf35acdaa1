package io.collapsewatch.dashboard.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.history.History;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Nothing listens on port 1 of this machine: a broker that is away. */
class KafkaFeedTest {

  private static final String AWAY = "127.0.0.1:1";

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(KafkaFeed.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private History history;
  private Intake intake;

  @BeforeEach
  void open() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
    history = History.open(folder.resolve("history.db"));
    intake = new Intake(history, new Board());
  }

  @AfterEach
  void close() {
    history.close();
    logger.setAdditive(true);
    logger.detachAppender(lines);
  }

  @Test
  void aBrokerThatIsAwayIsSaidAndWaitedFor() {
    KafkaFeed feed = KafkaFeed.create(intake, AWAY, Map.of());
    assertThat(feed.missing()).isEqualTo(Optional.of("Kafka was not asked yet"));
    feed.start();
    String sentence = "cannot reach Kafka at \"127.0.0.1:1\"";
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> feed.missing().equals(Optional.of(sentence)));
    long start = System.nanoTime();
    feed.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    assertThat(
            lines.list.stream()
                .filter(line -> line.getLevel().equals(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage))
        .isEqualTo(List.of(sentence + "; trying again every second"));
  }

  @Test
  void settingsThatKafkaRefusesAreSaid() {
    assertThatThrownBy(
            () -> KafkaFeed.create(intake, AWAY, Map.of("security.protocol", "NONSENSE")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Kafka's client refuses its settings: \"");
  }

  @Test
  void whatTheHistoryRestsOnCannotBeOverridden() {
    Map<String, Object> settings =
        Consumers.consumer(
            AWAY,
            Map.of(
                "isolation.level", "read_uncommitted",
                "auto.offset.reset", "latest",
                "group.id", "g",
                "client.id", "mine"));
    assertThat(settings)
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("client.id", "mine")
        .doesNotContainKey("group.id");
    assertThat(Consumers.admin(AWAY, Map.of("isolation.level", "x", "sasl.mechanism", "PLAIN")))
        .containsOnlyKeys("bootstrap.servers", "client.id", "sasl.mechanism");
  }
}
