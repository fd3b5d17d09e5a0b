package dev.dragoman.multimodal.speech;

import dev.dragoman.models.SampleSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * All channels of a sound as one, decoded into a temporary file that goes when this is closed. Safe
 * for use by many threads.
 */
public final class SoundSamples implements SampleSource, AutoCloseable {
  private static final float FULL_SCALE = 32768;

  private final Path spool;
  private final FileChannel channel;
  private final long length;
  private final List<String> problems;

  SoundSamples(Path spool, long length, List<String> problems) throws IOException {
    this.spool = spool;
    this.length = length;
    this.problems = List.copyOf(problems);
    this.channel = FileChannel.open(spool, StandardOpenOption.READ);
  }

  @Override
  public long length() {
    return length;
  }

  /** What could not be decoded, in words for a user. */
  public List<String> problems() {
    return problems;
  }

  @Override
  public void read(long from, float[] into, int at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from * Short.BYTES + bytes.position()) < 0) {
        throw new IOException("the spooled sound is shorter than it was");
      }
    }
    bytes.flip();
    for (int i = 0; i < count; i++) {
      into[at + i] = bytes.getShort() / FULL_SCALE;
    }
  }

  /** Deletes the decoded samples. */
  @Override
  public void close() throws IOException {
    try (channel) {
      SoundDecoder.delete(spool);
    }
  }
}
