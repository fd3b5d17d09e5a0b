package dev.dragoman.models.tokenizer;

import dev.dragoman.models.format.PackedE5;
import dev.dragoman.models.format.UnigramVocabulary;
import dev.dragoman.models.tokenizer.Split.Behaviour;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tokenizer inside a {@link PackedE5}: XLM-RoBERTa's, a Unigram model over words that begin
 * with a visible space, its normalisation spelled out code point by code point.
 */
public final class PackedTokenizer {
  private static final int SPACE = 0x2581;

  private PackedTokenizer() {}

  /** The tokenizer with this vocabulary. */
  public static PipelineTokenizer of(UnigramVocabulary words) {
    Trie trie = new Trie();
    double[] scores = new double[words.size()];
    double least = Double.POSITIVE_INFINITY;
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < scores.length; id++) {
      String piece = words.piece(id);
      scores[id] = words.score(id);
      least = Math.min(least, scores[id]);
      ids.put(piece, id);
      if (!piece.isEmpty() && id != words.unknown()) {
        trie.put(piece, id);
      }
    }
    List<AddedToken> added = special(words);
    return new PipelineTokenizer(
        new Steps(
            List.of(replacements(words), new Replace(new Runs(), new int[] {' '})),
            List.of(
                new Metaspace(SPACE, Metaspace.Scheme.ALWAYS),
                new Split(new OneCodePoint(SPACE), Behaviour.MERGED_WITH_NEXT, false)),
            new Unigram(
                trie,
                scores,
                words.unknown(),
                least - Unigram.UNKNOWN_PENALTY,
                null,
                false,
                new WordCache()),
            added,
            Vocabulary.of("the packed vocabulary", ids, added),
            template(words),
            null,
            List.of(DecodeSteps.metaspace(SPACE, true)),
            Collections.emptyMap(),
            null));
  }

  private static List<AddedToken> special(UnigramVocabulary words) {
    List<AddedToken> added = new ArrayList<>();
    for (int id :
        IntStream.of(words.begin(), words.padding(), words.end(), words.unknown())
            .distinct()
            .toArray()) {
      if (!words.piece(id).isEmpty()) {
        added.add(new AddedToken(words.piece(id), id, false, false, false, false, true));
      }
    }
    return List.copyOf(added);
  }

  private static Replacements replacements(UnigramVocabulary words) {
    int[] codePoints = words.replaced();
    int[][] contents = new int[codePoints.length][];
    for (int i = 0; i < contents.length; i++) {
      contents[i] = words.replacement(i).codePoints().toArray();
    }
    return new Replacements(codePoints, contents);
  }

  private static Template template(UnigramVocabulary words) {
    Template.Part begin = new Template.Special(new int[] {words.begin()}, 0);
    Template.Part end = new Template.Special(new int[] {words.end()}, 0);
    Template.Part between = new Template.Special(new int[] {words.end(), words.end()}, 0);
    Template.Part first = new Template.Text(true, 0);
    Template.Part second = new Template.Text(false, 0);
    return new Template(List.of(begin, first, end), List.of(begin, first, between, second, end));
  }

  /** Spaces, two or more. */
  private record Runs() implements Delimiter {
    @Override
    public Finder finder() {
      return new Finder() {
        private Pieces pieces = new Pieces(0);
        private int start;
        private int end;
        private int to;

        @Override
        public void reset(Pieces text, int from, int until) {
          pieces = text;
          end = from;
          to = until;
        }

        @Override
        public boolean next() {
          int at = end;
          while (at + 1 < to && !(pieces.codePoint(at) == ' ' && pieces.codePoint(at + 1) == ' ')) {
            at++;
          }
          if (at + 1 >= to) {
            return false;
          }
          start = at;
          while (at < to && pieces.codePoint(at) == ' ') {
            at++;
          }
          end = at;
          return true;
        }

        @Override
        public int start() {
          return start;
        }

        @Override
        public int end() {
          return end;
        }
      };
    }
  }
}
