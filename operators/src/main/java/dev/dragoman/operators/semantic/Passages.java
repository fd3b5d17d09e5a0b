package dev.dragoman.operators.semantic;

import dev.dragoman.models.Tokenizer;
import dev.dragoman.operators.semantic.Segmenter.Boundary;
import dev.dragoman.operators.semantic.Segmenter.Segment;
import dev.dragoman.operators.text.Sentences;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a text into passages of at most so many tokens. A passage starts at a heading where the one
 * before has a quarter of its size at least, ends with a paragraph where half of it would be left,
 * with a sentence otherwise; a sentence that is too long by itself is cut at a line break, between
 * words, or as the last resort between tokens.
 */
final class Passages {
  private final String text;
  private final Tokenizer tokenizer;
  private final int limit;
  private final int overlap;
  private final int[] starts;
  private final List<Passage> passages = new ArrayList<>();

  /** From where to where, in UTF-16. */
  record Passage(int start, int end) {}

  private Passages(String text, Tokenizer tokenizer, int limit, int overlap) {
    this.text = text;
    this.tokenizer = tokenizer;
    this.limit = limit;
    this.overlap = overlap;
    this.starts = tokenizer.encode(text).starts();
  }

  /**
   * The passages of a text, in order; together they hold all that is not blank.
   *
   * @param language ISO 639-1, or empty
   * @param limit the most tokens of a passage, without special tokens
   * @param overlap how many tokens at the end of a passage the next repeats at most, less than half
   *     the limit
   */
  static List<Passage> of(
      String text, String language, Tokenizer tokenizer, int limit, int overlap) {
    Passages work = new Passages(text, tokenizer, limit, overlap);
    work.cut(new ArrayDeque<>(Segmenter.segments(text, language)));
    return work.passages;
  }

  private void cut(Deque<Segment> rest) {
    List<Segment> current = new ArrayList<>();
    // How many of the segments of the current passage are repeated from the one before.
    int repeated = 0;
    while (!rest.isEmpty()) {
      Segment next = rest.peekFirst();
      int own = tokens(next.start(), next.end());
      if (own > limit) {
        rest.removeFirst();
        List<Segment> pieces = pieces(next, Math.max(1, limit - overlap));
        for (Segment piece : pieces.reversed()) {
          rest.addFirst(piece);
        }
        continue;
      }
      if (current.size() == repeated && next.before() == Boundary.HEADING) {
        // Nothing is repeated across a heading.
        current.clear();
        repeated = 0;
      }
      boolean fresh = current.size() == repeated;
      int size = current.isEmpty() ? 0 : tokens(current.getFirst().start(), next.start());
      boolean section =
          next.before() == Boundary.HEADING && !fresh && size >= Math.max(1, limit / 4);
      if (section) {
        emit(current);
        current.clear();
        repeated = 0;
      } else if (size + own <= limit) {
        current.add(rest.removeFirst());
      } else if (fresh) {
        // What is repeated leaves no room for what is new.
        current.removeFirst();
        repeated--;
      } else {
        int end = goodEnd(current, repeated);
        for (Segment back : current.subList(end, current.size()).reversed()) {
          rest.addFirst(back);
        }
        List<Segment> done = new ArrayList<>(current.subList(0, end));
        emit(done);
        current = tail(done);
        repeated = current.size();
      }
    }
    if (current.size() > repeated) {
      emit(current);
    }
  }

  /** How many of the segments to keep: up to the last paragraph if that is half a passage. */
  private int goodEnd(List<Segment> current, int repeated) {
    for (int i = current.size() - 1; i > repeated; i--) {
      Segment segment = current.get(i);
      if (segment.before() != Boundary.SENTENCE) {
        int kept = tokens(current.getFirst().start(), current.get(i - 1).end());
        if (2 * kept >= limit) {
          return i;
        }
      }
    }
    // A heading belongs to what follows it.
    int end = current.size();
    while (end - 1 > repeated && current.get(end - 1).heading()) {
      end--;
    }
    return end;
  }

  /** What the next passage repeats: whole sentences, or the last words of a long one. */
  private List<Segment> tail(List<Segment> done) {
    List<Segment> tail = new ArrayList<>();
    int end = done.getLast().end();
    for (Segment segment : done.reversed()) {
      if (segment.heading() || tokens(segment.start(), end) > overlap) {
        break;
      }
      tail.addFirst(segment);
    }
    Segment last = done.getLast();
    if (tail.isEmpty() && overlap > 0 && !last.heading()) {
      int from = wordStart(last.start(), last.end());
      if (from < last.end()) {
        tail.add(new Segment(from, last.end(), Boundary.SENTENCE, false));
      }
    }
    return tail;
  }

  /** The first start of a word from which on there are no more tokens than may be repeated. */
  private int wordStart(int start, int end) {
    int first = firstToken(end) - overlap;
    int at = first < 0 || first >= starts.length ? start : Math.max(start, starts[first]);
    while (at < end && at > start && !Sentences.isBlank(text.charAt(at - 1))) {
      at++;
    }
    return Sentences.trimmedStart(text, at, end);
  }

  /** Cuts what is too long into pieces that are not. */
  private List<Segment> pieces(Segment segment, int most) {
    List<Segment> pieces = new ArrayList<>();
    Boundary before = segment.before();
    int start = segment.start();
    while (tokens(start, segment.end()) > most) {
      int cut = pieceEnd(start, segment.end(), most);
      pieces.add(
          new Segment(start, Sentences.trimmedEnd(text, start, cut), before, segment.heading()));
      start = Sentences.trimmedStart(text, cut, segment.end());
      before = Boundary.SENTENCE;
    }
    if (start < segment.end()) {
      pieces.add(new Segment(start, segment.end(), before, segment.heading()));
    }
    return pieces;
  }

  private int pieceEnd(int start, int end, int most) {
    int hard = Math.min(end, Math.max(start + 1, starts[firstToken(start) + most]));
    if (hard < end && Character.isLowSurrogate(text.charAt(hard))) {
      hard = hard - 1 > start ? hard - 1 : Math.min(end, hard + 1);
    }
    int word = -1;
    for (int at = hard; at > start + (hard - start) / 2; at--) {
      char c = text.charAt(Math.min(at, end - 1));
      if (c == '\n') {
        return at;
      }
      if (word < 0 && Sentences.isBlank(c)) {
        word = at;
      }
    }
    return word < 0 ? hard : word;
  }

  /** Writes a passage down; one that has more tokens by itself than in the text is cut again. */
  private void emit(List<Segment> segments) {
    int start = segments.getFirst().start();
    int end = segments.getLast().end();
    while (start < end) {
      int to = end;
      while (tokenizer.count(text.substring(start, to)) > limit) {
        to = earlierEnd(start, to);
      }
      passages.add(new Passage(start, to));
      start = Sentences.trimmedStart(text, to, end);
    }
  }

  private int earlierEnd(int start, int to) {
    for (int at = to - 1; at > start; at--) {
      if (Sentences.isBlank(text.charAt(at))) {
        int end = Sentences.trimmedEnd(text, start, at);
        if (end > start) {
          return end;
        }
      }
    }
    int half = start + (to - start) / 2;
    if (half <= start) {
      throw new IllegalStateException("one character has more than " + limit + " tokens");
    }
    return Character.isLowSurrogate(text.charAt(half)) && half - 1 > start ? half - 1 : half;
  }

  /** How many tokens start between these offsets. */
  private int tokens(int start, int end) {
    return firstToken(end) - firstToken(start);
  }

  /** The first token that starts at or after an offset. */
  private int firstToken(int offset) {
    int at = Arrays.binarySearch(starts, offset);
    if (at < 0) {
      return -at - 1;
    }
    while (at > 0 && starts[at - 1] == offset) {
      at--;
    }
    return at;
  }
}
