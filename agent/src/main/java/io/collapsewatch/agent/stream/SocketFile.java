package io.collapsewatch.agent.stream;

import io.collapsewatch.agent.capture.CannotListenException;
import io.collapsewatch.protocol.Printable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A Unix domain socket that only its owner can reach, from its first moment on: it is bound in a
 * new folder of mode 0700 and moved to its place with mode 0600. The file of an agent that has died
 * is replaced.
 */
final class SocketFile implements AutoCloseable {

  /** A socket's address has 108 bytes; the new folder's name needs some. */
  static final int MOST_BYTES = 100;

  private final Path path;
  private final ServerSocketChannel door;
  private final Object inode;

  private SocketFile(Path path, ServerSocketChannel door, Object inode) {
    this.path = path;
    this.door = door;
    this.inode = inode;
  }

  /**
   * Begins to listen.
   *
   * @throws CannotListenException if there is no folder for it, its path is too long, or something
   *     else is there, in one sentence
   */
  static SocketFile bind(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    requireShort(absolute);
    try {
      requireReplaceable(absolute);
      return bound(absolute);
    } catch (IOException | UnsupportedOperationException e) {
      throw new CannotListenException(
          "cannot listen at %s (%s); name another place with --stream-socket"
              .formatted(quoted(absolute), Printable.quote(e.toString())),
          e);
    }
  }

  static boolean fits(Path path) {
    return bytes(path.toAbsolutePath().normalize()) <= MOST_BYTES;
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static void requireShort(Path path) {
    if (!fits(path)) {
      throw new CannotListenException(
          "the path %s has %d bytes; expected at most %d, which is what the address of a Unix domain socket holds"
              .formatted(quoted(path), bytes(path), MOST_BYTES),
          null);
    }
  }

  private static void requireReplaceable(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!attributes(path).isOther()) {
      throw new CannotListenException(
          "%s is there and is no socket; name another place with --stream-socket"
              .formatted(quoted(path)),
          null);
    }
    if (answers(path)) {
      throw new CannotListenException(
          "another agent listens at %s; end it, or name another place with --stream-socket"
              .formatted(quoted(path)),
          null);
    }
  }

  private static boolean answers(Path path) {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return client.isConnected();
    } catch (IOException e) {
      return false; // whoever made the file has ended
    }
  }

  private static SocketFile bound(Path path) throws IOException {
    Path folder = privateFolder(path.getParent());
    Path fresh = folder.resolve("s");
    ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      door.bind(UnixDomainSocketAddress.of(fresh));
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      return new SocketFile(path, door, attributes(path).fileKey());
    } catch (IOException | RuntimeException e) {
      door.close();
      Files.deleteIfExists(fresh);
      throw e;
    } finally {
      Files.delete(folder);
    }
  }

  /** With a name as short as it can be: the socket's address is bounded. */
  private static Path privateFolder(Path parent) throws IOException {
    while (true) {
      Path folder =
          parent.resolve(".cw%03x".formatted(ThreadLocalRandom.current().nextInt(1 << 12)));
      try {
        return Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException e) {
        // Another one is being bound, or was when its process died; there are 4096 names.
      }
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static String quoted(Path path) {
    return Printable.quote(path.toString());
  }

  ServerSocketChannel door() {
    return door;
  }

  /** Stops listening and removes the file, unless another agent has put its own there. */
  @Override
  public void close() throws IOException {
    door.close();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && inode.equals(attributes(path).fileKey())) {
      Files.delete(path);
    }
  }
}
