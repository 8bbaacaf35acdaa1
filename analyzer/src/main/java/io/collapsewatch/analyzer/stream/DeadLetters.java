package io.collapsewatch.analyzer.stream;

import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a capture that the analyzer cannot take to {@link Topics#DEAD_LETTERS} as it came, with the
 * reason in its headers, and goes on. A failure of our own goes there too, as {@code failure}: one
 * capture that meets a mistake of ours must not stop the runs beside it.
 *
 * <p>Headers: {@code reason}, a word; {@code sentence}, for people; {@code topic}, {@code
 * partition} and {@code offset} of the capture.
 */
public final class DeadLetters implements ProcessingExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
  private static final int LONGEST_SENTENCE = 1000;

  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    String place = "%s-%d@%d".formatted(context.topic(), context.partition(), context.offset());
    String reason = "failure";
    String sentence = exception.toString();
    if (exception instanceof CaptureException refused) {
      reason = refused.reason();
      sentence = refused.getMessage();
      log.warn("refused the capture at {}: {}", place, sentence);
    } else {
      log.error("failed on the capture at {}; it is in {}", place, Topics.DEAD_LETTERS, exception);
    }
    RecordHeaders headers = new RecordHeaders();
    headers.add("reason", utf8(reason));
    headers.add("sentence", utf8(cut(sentence)));
    headers.add("topic", utf8(context.topic()));
    headers.add("partition", utf8(Integer.toString(context.partition())));
    headers.add("offset", utf8(Long.toString(context.offset())));
    return Response.resume(
        List.of(
            new ProducerRecord<>(
                Topics.DEAD_LETTERS,
                null,
                context.timestamp(),
                context.sourceRawKey(),
                context.sourceRawValue(),
                headers)));
  }

  private static String cut(String sentence) {
    return sentence.length() <= LONGEST_SENTENCE
        ? sentence
        : sentence.substring(0, LONGEST_SENTENCE) + "…";
  }

  private static byte[] utf8(String text) {
    return String.valueOf(text).getBytes(StandardCharsets.UTF_8);
  }
}
