package dev.dragoman.tests.sinks;

import java.io.Serializable;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The numbers from 0 as a stream that remembers how far it came, a second of event time each, up
 * and down within ten.
 */
final class Numbers extends UnboundedSource<Integer, Numbers.Mark> {
  private static final long serialVersionUID = 1;

  private final Instant start;
  private final int count;
  private final int part;
  private final int parts;

  /** How many numbers were read. */
  record Mark(int read) implements CheckpointMark, Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public void finalizeCheckpoint() {
      // There is nobody to tell.
    }
  }

  Numbers(Instant start, int count) {
    this(start, count, 0, 1);
  }

  private Numbers(Instant start, int count, int part, int parts) {
    this.start = start;
    this.count = count;
    this.part = part;
    this.parts = parts;
  }

  @Override
  public List<Numbers> split(int wanted, PipelineOptions options) {
    return IntStream.range(0, wanted).mapToObj(i -> new Numbers(start, count, i, wanted)).toList();
  }

  @Override
  public UnboundedReader<Integer> createReader(PipelineOptions options, @Nullable Mark mark) {
    return new Reader(this, mark == null ? 0 : mark.read);
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<Integer> getOutputCoder() {
    return VarIntCoder.of();
  }

  private static final class Reader extends UnboundedReader<Integer> {
    private final Numbers source;
    private int read;

    Reader(Numbers source, int read) {
      this.source = source;
      this.read = read;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      if (number(read) >= source.count) {
        return false;
      }
      read++;
      return true;
    }

    @Override
    public Integer getCurrent() {
      if (read == 0) {
        throw new NoSuchElementException();
      }
      int number = number(read - 1);
      return number / 10 * 10 + number * 7 % 10;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return source.start.plus(Duration.standardSeconds(getCurrent()));
    }

    @Override
    public Instant getWatermark() {
      int next = number(read);
      return next >= source.count
          ? BoundedWindow.TIMESTAMP_MAX_VALUE
          : source.start.plus(Duration.standardSeconds(next / 10 * 10L));
    }

    @Override
    public Mark getCheckpointMark() {
      return new Mark(read);
    }

    @Override
    public UnboundedSource<Integer, ?> getCurrentSource() {
      return source;
    }

    @Override
    public void close() {}

    private int number(int index) {
      return index * source.parts + source.part;
    }
  }
}
