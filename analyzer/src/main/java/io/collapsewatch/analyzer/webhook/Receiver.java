package io.collapsewatch.analyzer.webhook;

import io.collapsewatch.analyzer.webhook.Post.Outcome;
import io.collapsewatch.analyzer.webhook.Post.Result;
import io.collapsewatch.analyzer.webhook.Webhooks.Pause;
import io.collapsewatch.protocol.Alert;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A target with what was lost on the way to it. */
final class Receiver {

  private static final Logger log = LoggerFactory.getLogger(Receiver.class);

  private final WebhookTarget target;
  private final Post post;
  private final Pause pause;
  private long lost;
  private boolean away;

  Receiver(WebhookTarget target, Post post, Pause pause) {
    this.target = target;
    this.post = post;
    this.pause = pause;
  }

  /** Whether the last alert was lost. */
  boolean away() {
    return away;
  }

  /** Attempts until one is taken or refused, with these pauses between them. */
  Outcome deliver(byte[] message, List<Duration> pauses) throws InterruptedException {
    Outcome outcome = post.attempt(target, message);
    for (Duration time : pauses) {
      if (outcome.result() != Result.FAILED) {
        return outcome;
      }
      pause.of(time);
      outcome = post.attempt(target, message);
    }
    return outcome;
  }

  /** Remembers, and says, what became of an alert. */
  void note(Alert alert, Outcome outcome) {
    away = outcome.result() != Result.TAKEN;
    if (away) {
      lost++;
      log.warn(
          "\"{}\" did not reach the webhook {}: {}; alerts lost there since the start: {}",
          AlertSentence.of(alert),
          target,
          outcome.reason(),
          lost);
    }
  }
}
