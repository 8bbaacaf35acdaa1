package io.collapsewatch.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Nothing listens on port 1 of this machine: a broker that is away. */
class KafkaSinkTest {

  private static final String AWAY = "127.0.0.1:1";
  private static final int MIB = 1 << 20;

  @Test
  void offersReturnAtOnceAndTheBufferIsBounded() {
    KafkaSink sink = KafkaSink.start(AWAY, 8 * MIB, Map.of());
    long begin = System.nanoTime();
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      if (sink.offer(List.of(bytes(MIB / 2)))) {
        taken++;
      }
    }
    Duration offering = Duration.ofNanos(System.nanoTime() - begin);

    assertThat(taken).isEqualTo(16);
    // Kafka's send alone would wait for a minute by default.
    assertThat(offering).isLessThan(Duration.ofSeconds(5));
    assertThat(sink.connected()).isFalse();
    assertThat(sink.close(Duration.ZERO)).isEqualTo(16);
  }

  @Test
  void closingKeepsItsLimitAndTakesNothingMore() {
    KafkaSink sink = KafkaSink.start(AWAY, MIB, Map.of());
    sink.offer(List.of(bytes(10), bytes(10)));
    long begin = System.nanoTime();
    long lost = sink.close(Duration.ofMillis(200));
    Duration closing = Duration.ofNanos(System.nanoTime() - begin);

    assertThat(lost).isEqualTo(2);
    assertThat(closing).isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
    assertThat(sink.offer(List.of(bytes(10)))).isFalse();
    assertThat(sink.close(Duration.ofMinutes(1))).isZero();
  }

  @Test
  void aBrokerThatIsAwayIsSaidInOneSentence() {
    Logger logger = (Logger) LoggerFactory.getLogger(BrokerLink.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try (KafkaSink sink = KafkaSink.start(AWAY, 64L * MIB, Map.of())) {
      await().atMost(Duration.ofSeconds(20)).until(() -> !lines.list.isEmpty());
      assertThat(lines.list)
          .singleElement()
          .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN))
          .extracting(ILoggingEvent::getFormattedMessage)
          .isEqualTo(
              "cannot reach Kafka at \"127.0.0.1:1\"; captures wait in a buffer of 64 MiB and the training goes on; retrying");
      assertThat(sink.connected()).isFalse();
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void settingsThatKafkaRefusesAreRefusedInOneSentence() {
    assertThatThrownBy(() -> KafkaSink.start(AWAY, MIB, Map.of("linger.ms", "soon")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the Kafka client for \"127.0.0.1:1\" does not start: \"Invalid value soon for configuration linger.ms: Not a number of type LONG\"");
  }

  private static EncodedCapture bytes(int count) {
    return new EncodedCapture("r", List.of(new byte[count]), () -> {}, () -> {});
  }
}
