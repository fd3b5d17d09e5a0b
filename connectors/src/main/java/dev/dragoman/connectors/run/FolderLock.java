package dev.dragoman.connectors.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.connectors.UsageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps a second writer out of an output folder. The system gives it back when a process dies. */
final class FolderLock implements Closeable {
  static final String FILE = ".staging.lock";

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the lock, or tells the user who has it. */
  static FolderLock take(Path folder) throws IOException {
    FolderLock lock = tryTake(folder);
    if (lock == null) {
      String owner = "";
      try {
        owner = Files.readString(folder.resolve(FILE)).split(" ", 2)[0];
      } catch (IOException e) {
        owner = "";
      }
      throw new UsageException(
          "another run"
              + (owner.isEmpty() ? "" : " (process " + owner + ")")
              + " is writing to "
              + folder
              + "; wait for it to end, or choose another --out");
    }
    return lock;
  }

  /** Takes the lock, or answers null if somebody has it. */
  static @Nullable FolderLock tryTake(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    while (true) {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
      FileLock lock;
      try {
        lock = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        lock = null;
      }
      if (lock == null) {
        channel.close();
        return null;
      }
      String mark = ProcessHandle.current().pid() + " " + UUID.randomUUID();
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(mark.getBytes(UTF_8)), 0);
      if (isAt(file, mark)) {
        return new FolderLock(file, channel);
      }
      channel.close();
    }
  }

  /** Whether the locked file is still the one with this name, and not one deleted meanwhile. */
  private static boolean isAt(Path file, String mark) throws IOException {
    try {
      return Files.readString(file).equals(mark);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      Files.deleteIfExists(file);
      channel.close();
    }
  }
}
