package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The places in a file that its tensors claim. */
final class Spans {
  private record Span(String name, long start, long end) {}

  private final String file;
  private final List<Span> spans = new ArrayList<>();

  Spans(String file) {
    this.file = file;
  }

  void add(String name, long start, long size) {
    spans.add(new Span(name, start, start + size));
  }

  /** No byte may belong to two tensors, and none before this offset to any. */
  void refuseOverlaps(long from) {
    long covered = from;
    for (Span span : sorted()) {
      if (span.start() < covered) {
        throw misplaced(span, covered);
      }
      covered = span.end();
    }
  }

  /** Each byte must belong to one tensor, from the first to the one before this size. */
  void refuseGaps(long size) {
    long covered = 0;
    for (Span span : sorted()) {
      if (span.start() != covered) {
        throw misplaced(span, covered);
      }
      covered = span.end();
    }
    if (covered != size) {
      throw new ModelException(
          "%s: the tensors end at offset %d of %d bytes of data; the file is damaged, download it"
                  .formatted(file, covered, size)
              + " again");
    }
  }

  private List<Span> sorted() {
    spans.sort(Comparator.comparingLong(Span::start).thenComparingLong(Span::end));
    return spans;
  }

  private ModelException misplaced(Span span, long covered) {
    return new ModelException(
        "%s: tensor %s starts at offset %d, but what is before it ends at %d"
            .formatted(file, span.name(), span.start(), covered));
  }
}
