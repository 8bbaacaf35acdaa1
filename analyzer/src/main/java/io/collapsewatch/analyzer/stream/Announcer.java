package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.webhook.AlertSentence;
import io.collapsewatch.analyzer.webhook.Webhooks;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.Printable;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings alerts to the log and to the webhooks, each once. What is older than an hour is left out:
 * webhooks that are new today must not be sent the alerts of last week.
 */
final class Announcer {

  private static final Logger log = LoggerFactory.getLogger(Announcer.class);
  private static final Duration OLDEST = Duration.ofHours(1);

  private final Webhooks webhooks;
  private final Clock clock;
  private final Set<Message> announced = Collections.newSetFromMap(new Newest());
  private long tooOld;

  /** What makes a message the repeat of another. */
  private record Message(Alert.Id alert, Alert.Status status) {}

  /** Forgets the eldest. */
  private static final class Newest extends LinkedHashMap<Message, Boolean> {
    private static final int MOST = 1000;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Message, Boolean> eldest) {
      return size() > MOST;
    }
  }

  Announcer(Webhooks webhooks, Clock clock) {
    this.webhooks = webhooks;
    this.clock = clock;
  }

  /**
   * Returns when the alert has reached its targets or is given up.
   *
   * @throws InterruptedException if the thread is told to stop before that
   */
  void announce(Alert alert) throws InterruptedException {
    if (clock.millis() - alert.timestampMs() > OLDEST.toMillis()) {
      tooOld++;
    } else if (announced.add(new Message(alert.id(), alert.status()))) {
      write(alert);
      webhooks.deliver(alert);
    }
  }

  private static void write(Alert alert) {
    String reason = Printable.quote(alert.reason(), Alert.LONGEST_REASON);
    if (alert.firing()) {
      log.warn("{}: {}", AlertSentence.of(alert), reason);
    } else {
      log.info("{}: {}", AlertSentence.of(alert), reason);
    }
  }

  /** Says how many were left out since the last time, if any were. */
  void sumUp() {
    if (tooOld > 0) {
      log.info("alerts older than an hour, which are not announced: {}", tooOld);
      tooOld = 0;
    }
  }
}
