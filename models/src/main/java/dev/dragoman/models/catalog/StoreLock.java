package dev.dragoman.models.catalog;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps other threads and other processes away from one model's folders. */
final class StoreLock implements AutoCloseable {
  /** A file lock belongs to the process, so threads of one process need a lock of their own. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;

  private StoreLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param waiting run once if another one holds it
   */
  static StoreLock take(Path file, Runnable waiting) throws IOException {
    Path real = Files.createDirectories(file.getParent()).toRealPath().resolve(file.getFileName());
    ReentrantLock threads = THREADS.computeIfAbsent(real, _ -> new ReentrantLock());
    boolean told = false;
    if (!threads.tryLock()) {
      waiting.run();
      told = true;
      threads.lock();
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        if (!told) {
          waiting.run();
        }
        channel.lock();
      }
      return new StoreLock(threads, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      threads.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }
}
