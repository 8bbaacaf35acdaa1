package io.collapsewatch.analyzer.webhook;

import io.collapsewatch.protocol.Printable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * One attempt to hand a message to a target. Redirects are not followed and no proxy is used: the
 * address that was looked at is the one that is connected to.
 */
final class Post {

  private final HttpClient client;
  private final TargetAddresses addresses;
  private final Duration timeout;

  /** What became of an attempt. */
  enum Result {
    /** The target has it. */
    TAKEN,
    /** Another attempt may succeed. */
    FAILED,
    /** No attempt will succeed. */
    REFUSED
  }

  /**
   * @param reason why not, in words that follow the target's name; empty where taken
   */
  record Outcome(Result result, String reason) {
    static final Outcome TAKEN = new Outcome(Result.TAKEN, "");

    static Outcome failed(String reason) {
      return new Outcome(Result.FAILED, reason);
    }

    static Outcome refused(String reason) {
      return new Outcome(Result.REFUSED, reason);
    }
  }

  /**
   * @param timeout for the connection, and for all of an attempt
   */
  Post(TargetAddresses addresses, Duration timeout) {
    this.addresses = addresses;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(timeout)
            .build();
  }

  Outcome attempt(WebhookTarget target, byte[] message) throws InterruptedException {
    try {
      Optional<String> refusal = addresses.refusal(target);
      return refusal.isPresent()
          ? Outcome.refused(refusal.get())
          : outcome(status(request(target, message)));
    } catch (UnknownHostException e) {
      return Outcome.failed("its name has no address");
    } catch (IOException e) {
      return Outcome.failed(reason(e));
    }
  }

  private static HttpRequest request(WebhookTarget target, byte[] message) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.address())
            .header("Content-Type", "application/json")
            .header("User-Agent", "CollapseWatch")
            .POST(BodyPublishers.ofByteArray(message));
    target.authorization().ifPresent(value -> request.header("Authorization", value));
    return request.build();
  }

  /**
   * The client's own timeout ends with the headers of the answer; this one holds for the body too,
   * which is thrown away as it comes.
   */
  private int status(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, BodyHandlers.discarding());
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static Outcome outcome(int status) {
    if (status >= 200 && status < 300) {
      return Outcome.TAKEN;
    }
    if (status >= 300 && status < 400) {
      return Outcome.refused("it answered %d, a redirect, which is not followed".formatted(status));
    }
    String reason = "it answered %d".formatted(status);
    return status == 429 || status >= 500 ? Outcome.failed(reason) : Outcome.refused(reason);
  }

  /** Messages of other exceptions are left out: nothing says that they do not hold the address. */
  private String reason(IOException e) {
    if (e instanceof HttpTimeoutException) {
      return "it did not answer within %d s".formatted(timeout.toSeconds());
    }
    if (e instanceof ConnectException) {
      return "it takes no connection";
    }
    return e instanceof SSLException
        ? "TLS failed (%s)".formatted(Printable.quote(String.valueOf(e.getMessage())))
        : "the connection broke (%s)".formatted(e.getClass().getSimpleName());
  }
}
