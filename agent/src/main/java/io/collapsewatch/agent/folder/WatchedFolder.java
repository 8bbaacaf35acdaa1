package io.collapsewatch.agent.folder;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.Counts;
import io.collapsewatch.agent.capture.Door;
import io.collapsewatch.agent.folder.SeenFiles.Seen;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.saved.UnreadablePassException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the {@code .safetensors} and {@code .npz} files that appear in a folder, whichever program
 * writes them. It looks about once a second rather than being told, which a network file system
 * does not do. A file is complete when two looks find the same size and time of change. It stays
 * where it is; which files are done with is remembered in the folder, once Kafka has them.
 */
public final class WatchedFolder implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WatchedFolder.class);
  private static final int SECONDS_TO_END = 2;

  private final Path folder;
  private final CaptureIntake intake;
  private final Counts.ByDoor counts;
  private final SeenFiles done;
  private final String run;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(WatchedFolder::daemon);

  /** As the last look found them, neither taken nor refused. */
  private Map<String, Seen> waiting = new HashMap<>();

  /** Taken, and on their way. */
  private final Set<Seen> taken = new HashSet<>();

  /** Taken, and settled since the last look; by other threads. */
  private final Queue<Seen> settled = new ConcurrentLinkedQueue<>();

  /** Could not be read, which was said. */
  private final Set<Seen> postponed = new HashSet<>();

  private boolean unreadable;

  private WatchedFolder(Path folder, CaptureIntake intake) {
    this.folder = folder;
    this.intake = intake;
    this.counts = intake.counts().of(Door.FOLDER);
    this.done = new SeenFiles(folder);
    this.run = PassCaptures.id(String.valueOf(folder.getFileName()));
  }

  /**
   * A folder that is not looked into yet.
   *
   * @throws IllegalArgumentException if it is none, in one sentence
   */
  public static WatchedFolder create(Path folder, CaptureIntake intake) {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "--watch-folder %s is no folder; expected one that is there"
              .formatted(Printable.quote(folder.toString())));
    }
    return new WatchedFolder(folder.toAbsolutePath().normalize(), intake);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "collapsewatch-folder");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to look, about once a second. */
  public void start() {
    var unused = looks.scheduleWithFixedDelay(this::lookSafely, 0, 1, TimeUnit.SECONDS);
  }

  private void lookSafely() {
    try {
      look();
      unreadable = false;
    } catch (IOException e) {
      if (!unreadable) {
        unreadable = true;
        log.warn("the folder {} cannot be read ({}); looking again", folder, e.toString());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Thrown on, it would end the looks silently.
      log.error("a look into the folder {} failed", folder, e);
    }
  }

  /** Looks once: takes what is complete, and remembers what Kafka has. */
  void look() throws IOException, InterruptedException {
    rememberSettled();
    Map<String, Seen> found = list();
    for (String name : new TreeSet<>(found.keySet())) {
      Seen file = found.get(name);
      if (file.equals(waiting.get(name))) {
        take(file);
        found.remove(name);
      }
    }
    waiting = found;
  }

  private Map<String, Seen> list() throws IOException {
    Map<String, Seen> found = new HashMap<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, WatchedFolder::named)) {
      for (Path path : paths) {
        add(path, found);
      }
    }
    return found;
  }

  /** Unfinished files of other programs are hidden or end in something else, as .tmp or .part. */
  private static boolean named(Path path) {
    String name = path.getFileName().toString();
    return !name.startsWith(".") && DroppedFile.named(name);
  }

  private void add(Path path, Map<String, Seen> found) {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      String name = path.getFileName().toString();
      Seen file = new Seen(name, now.size(), now.lastModifiedTime().toMillis());
      if (now.isRegularFile() && now.size() > 0 && !done.done(file) && !taken.contains(file)) {
        found.put(name, file);
      }
    } catch (IOException e) {
      log.debug("{} has gone since the folder was listed", path, e);
    }
  }

  private void take(Seen file) throws InterruptedException {
    try {
      send(file, new DroppedFile(folder.resolve(file.name()), run).captures(done.begun(file)));
      counts.receive();
      counts.take();
    } catch (IOException e) {
      // Not the file's fault; the next looks try again.
      if (postponed.add(file)) {
        log.warn(
            "{} in {} cannot be read ({}); trying again",
            Printable.quote(file.name()),
            folder,
            Printable.quote(e.toString()));
      }
    } catch (CaptureException | UnreadablePassException e) {
      refuse(file, e.getMessage());
    } catch (OutOfMemoryError e) {
      // One array did not fit; what was read before it is free again by now.
      refuse(file, "it takes more memory than this process has left; give it more with -Xmx");
    }
  }

  private void send(Seen file, List<Capture> captures) throws InterruptedException {
    done.begin(file);
    taken.add(file);
    AtomicInteger open = new AtomicInteger(captures.size());
    for (Capture capture : captures) {
      intake.acceptWaiting(
          capture,
          () -> {
            if (open.decrementAndGet() == 0) {
              settled.add(file);
            }
          });
    }
  }

  private void refuse(Seen file, String sentence) {
    counts.receive();
    counts.refuse();
    log.warn("{} in {} is refused: {}", Printable.quote(file.name()), folder, sentence);
    taken.remove(file);
    done.end(file);
  }

  private void rememberSettled() {
    for (Seen file = settled.poll(); file != null; file = settled.poll()) {
      taken.remove(file);
      done.end(file);
    }
  }

  /** Looks no more. What was taken may still be on its way. */
  public void stop() {
    looks.shutdownNow();
    try {
      var unused = looks.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks no more, and remembers what Kafka has by now. */
  @Override
  public void close() {
    stop();
    rememberSettled();
  }
}
