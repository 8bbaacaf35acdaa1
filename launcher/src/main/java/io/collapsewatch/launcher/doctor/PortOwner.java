package io.collapsewatch.launcher.doctor;

import io.collapsewatch.protocol.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which process listens on a port. Linux only, where {@code /proc} tells: the table of sockets has
 * the number of the listening one, and that process has it open. Another user's processes keep this
 * to themselves.
 */
final class PortOwner {

  private static final String LISTENING = "0A";
  private static final int STATE = 3;
  private static final int INODE = 9;

  private final Path proc;

  /**
   * @param proc the folder {@code /proc}
   */
  PortOwner(Path proc) {
    this.proc = proc;
  }

  /** Number and command of the process, in words. */
  Optional<String> of(int port) {
    return socket(port).flatMap(this::process);
  }

  private Optional<String> socket(int port) {
    return Stream.of("net/tcp", "net/tcp6")
        .flatMap(table -> lines(proc.resolve(table)).stream())
        .map(line -> line.trim().split("\\s+"))
        .filter(field -> field.length > INODE && field[STATE].equals(LISTENING))
        .filter(field -> field[1].endsWith(":%04X".formatted(port)))
        .map(field -> "socket:[" + field[INODE] + "]")
        .findFirst();
  }

  private Optional<String> process(String socket) {
    return list(proc).stream()
        .filter(process -> process.getFileName().toString().matches("[0-9]+"))
        .filter(process -> list(process.resolve("fd")).stream().anyMatch(fd -> leadsTo(fd, socket)))
        .map(process -> "process %s, %s".formatted(process.getFileName(), command(process)))
        .findFirst();
  }

  private static String command(Path process) {
    List<String> lines = lines(process.resolve("cmdline"));
    return Printable.quote(String.join(" ", lines).replace('\0', ' ').trim());
  }

  private static boolean leadsTo(Path link, String target) {
    try {
      return Files.readSymbolicLink(link).toString().equals(target);
    } catch (IOException e) {
      return false; // closed since the folder was listed
    }
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    } catch (IOException e) {
      return List.of(); // not Linux, another user's process, or ended since
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of(); // not Linux, or the process has ended
    }
  }
}
