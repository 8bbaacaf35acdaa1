package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.collapsewatch.analyzer.webhook.GivenAlerts;
import io.collapsewatch.analyzer.webhook.WebhookSettings;
import io.collapsewatch.analyzer.webhook.Webhooks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log has of it; {@code WebhooksTest} has the webhooks. */
class AnnouncerTest {

  private static final String FIRING =
      "WARN run digits-plain is stalled: \"NC1 has stood at 0.47 for 40 epochs, above the floor of 0.05\"";
  private static final String RESOLVED =
      "INFO run digits-plain is no longer stalled: \"the run has ended at step 9000\"";

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Announcer.class);
  private final Webhooks nobody = new Webhooks(WebhookSettings.NONE);

  @BeforeEach
  void listen() {
    said.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(said);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(said);
    logger.setAdditive(true);
    logger.setLevel(null);
    nobody.close();
  }

  private Announcer announcer(Instant now) {
    return new Announcer(nobody, Clock.fixed(now, ZoneOffset.UTC));
  }

  private List<String> sentences() {
    return said.list.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  @Test
  void saysEachAlertOnce() throws Exception {
    Announcer announcer = announcer(GivenAlerts.START);

    announcer.announce(GivenAlerts.firing());
    announcer.announce(GivenAlerts.firing());
    announcer.announce(GivenAlerts.resolved());
    announcer.announce(GivenAlerts.firing());
    announcer.announce(GivenAlerts.resolved());
    announcer.sumUp();

    assertThat(sentences()).containsExactly(FIRING, RESOLVED);
  }

  @Test
  void leavesOutWhatIsOlderThanAnHourAndCountsIt() throws Exception {
    Announcer announcer = announcer(GivenAlerts.START.plus(Duration.ofHours(1)).plusMillis(1));

    announcer.announce(GivenAlerts.firing());
    announcer.sumUp();
    announcer.announce(GivenAlerts.resolved()); // a minute younger
    announcer.sumUp();

    assertThat(sentences())
        .containsExactly("INFO alerts older than an hour, which are not announced: 1", RESOLVED);
  }

  @Test
  void anHourIsNotTooOld() throws Exception {
    announcer(GivenAlerts.START.plus(Duration.ofHours(1))).announce(GivenAlerts.firing());

    assertThat(sentences()).containsExactly(FIRING);
  }
}
