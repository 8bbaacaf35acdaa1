package io.collapsewatch.agent.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was done with the files of a folder, also in a small file there: a line of JSON for each
 * step, so that an agent that starts again repeats nothing. Not thread-safe.
 */
final class SeenFiles {

  private static final Logger log = LoggerFactory.getLogger(SeenFiles.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Hidden, so it is no file that was dropped. */
  static final String NAME = ".collapsewatch-seen";

  private final Path memory;
  private final Map<Seen, Integer> begun = new HashMap<>();
  private final Set<Seen> done = new HashSet<>();
  private boolean warned;

  /** A file as it was when it was taken; one that was written again since is another. */
  record Seen(String name, long size, long mtimeMs) {}

  /** A step: an agent has begun to take the file, or all of it is settled or refused. */
  private record Line(String name, long size, long mtimeMs, boolean done) {}

  SeenFiles(Path folder) {
    memory = folder.resolve(NAME);
    try {
      if (Files.exists(memory)) {
        Files.readAllLines(memory, StandardCharsets.UTF_8).forEach(this::load);
      }
    } catch (IOException e) {
      warn("cannot be read", e);
    }
  }

  private void load(String text) {
    try {
      keep(JSON.readValue(text, Line.class));
    } catch (JsonProcessingException e) {
      log.debug("a line of {} is left out", memory, e); // the last one, of an agent that was killed
    }
  }

  private void keep(Line line) {
    Seen file = new Seen(line.name(), line.size(), line.mtimeMs());
    if (line.done()) {
      done.add(file);
      begun.remove(file);
    } else {
      begun.merge(file, 1, Integer::sum);
    }
  }

  boolean done(Seen file) {
    return done.contains(file);
  }

  /** How often the file was begun and not ended. */
  int begun(Seen file) {
    return begun.getOrDefault(file, 0);
  }

  /** The file is about to be taken. */
  void begin(Seen file) {
    add(new Line(file.name(), file.size(), file.mtimeMs(), false));
  }

  /** Nothing of the file is open any more. */
  void end(Seen file) {
    add(new Line(file.name(), file.size(), file.mtimeMs(), true));
  }

  private void add(Line line) {
    keep(line);
    try {
      Files.writeString(
          memory,
          JSON.writeValueAsString(line) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      warn("cannot be written", e);
    }
  }

  private void warn(String problem, IOException e) {
    if (!warned) {
      warned = true;
      log.warn(
          "{} {} ({}), so an agent that starts again takes the files of that folder again",
          memory,
          problem,
          e.toString());
    }
  }
}
