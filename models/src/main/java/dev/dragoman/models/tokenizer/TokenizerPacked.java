package dev.dragoman.models.tokenizer;

import dev.dragoman.models.SpecialToken;
import dev.dragoman.models.format.UnigramVocabulary;
import dev.dragoman.models.tokenizer.Split.Behaviour;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the tokenizer of multilingual-e5-small (XLM-R's) of the vocabulary in its packed file. */
public final class TokenizerPacked {
  private TokenizerPacked() {}

  /** The tokenizer of this vocabulary, which is read whole. */
  public static PipelineTokenizer read(UnigramVocabulary vocabulary) {
    int size = vocabulary.size();
    List<String> names = new ArrayList<>();
    Map<String, Integer> ids = new HashMap<>();
    Trie trie = new Trie();
    double[] scores = new double[size];
    double least = Double.POSITIVE_INFINITY;
    for (int id = 0; id < size; id++) {
      String name = vocabulary.piece(id);
      names.add(name);
      ids.putIfAbsent(name, id);
      scores[id] = vocabulary.score(id);
      least = Math.min(least, scores[id]);
      if (!name.isEmpty()) {
        trie.put(name, id);
      }
    }
    int unknown = vocabulary.unknown();
    Map<SpecialToken, Integer> specials =
        Map.of(
            SpecialToken.BOS, vocabulary.begin(),
            SpecialToken.CLS, vocabulary.begin(),
            SpecialToken.EOS, vocabulary.end(),
            SpecialToken.SEP, vocabulary.end(),
            SpecialToken.PAD, vocabulary.padding(),
            SpecialToken.UNK, unknown);
    List<AddedToken> added =
        specials.values().stream()
            .distinct()
            .sorted()
            .map(id -> new AddedToken(names.get(id), id, false, false, false, false, true))
            .toList();
    Template.Part begin = new Template.Special(new int[] {vocabulary.begin()}, 0);
    Template.Part end = new Template.Special(new int[] {vocabulary.end()}, 0);
    Template.Part first = new Template.Text(true, 0);
    Template.Part second = new Template.Text(false, 0);
    return new PipelineTokenizer(
        new Steps(
            List.of(new UnicodeForm(false, true), replacements(vocabulary)),
            List.of(
                new Split(new ClassOfCodePoints(CodePoints::isSpace), Behaviour.REMOVED, false),
                new Metaspace(BpeBuilder.MARK, Metaspace.Scheme.ALWAYS),
                new Split(new OneCodePoint(BpeBuilder.MARK), Behaviour.MERGED_WITH_NEXT, false)),
            new Unigram(
                trie,
                scores,
                unknown,
                least - Unigram.UNKNOWN_PENALTY,
                null,
                false,
                new WordCache()),
            added,
            Vocabulary.of(names, ids),
            new Template(List.of(begin, first, end), List.of(begin, first, end, end, second, end)),
            null,
            List.of(DecodeSteps.metaspace(BpeBuilder.MARK, true)),
            specials,
            null));
  }

  private static Normalizer replacements(UnigramVocabulary vocabulary) {
    int[] replaced = vocabulary.replaced();
    Map<Integer, int[]> contents = new HashMap<>();
    for (int i = 0; i < replaced.length; i++) {
      contents.put(replaced[i], vocabulary.replacement(i).codePoints().toArray());
    }
    return (in, out) -> {
      for (int i = 0; i < in.size(); i++) {
        int[] content = contents.get(in.codePoint(i));
        if (content == null) {
          out.add(in.codePoint(i), in.start(i), in.end(i));
        } else {
          for (int c : content) {
            out.add(c, in.start(i), in.end(i));
          }
        }
      }
    };
  }
}
