package dev.dragoman.operators.translate;

import dev.dragoman.models.TranslateOptions;
import dev.dragoman.models.Translation;
import dev.dragoman.models.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A translator that looks words up, one by one; words that it does not know stay. It forgets some
 * words, and says some over and over.
 */
final class WordForWord implements Translator {
  private static final Pattern WORD = Pattern.compile("\\S+?(?=[.,!?]*(?:\\s|$))|[.,!?]+");

  private final Set<String> languages;
  private final Map<String, String> words;
  private final Set<String> forgotten;
  private final List<String> asked = new ArrayList<>();

  WordForWord(Set<String> languages, Map<String, String> words, Set<String> forgotten) {
    this.languages = languages;
    this.words = words;
    this.forgotten = forgotten;
  }

  /** Every sentence it was asked for. */
  List<String> asked() {
    return asked;
  }

  @Override
  public Set<String> sources() {
    return languages;
  }

  @Override
  public Set<String> targets() {
    return languages;
  }

  @Override
  public int maxTokens() {
    return 100;
  }

  @Override
  public int tokens(String source) {
    return source.split(" ").length;
  }

  @Override
  public List<List<Translation>> translate(List<Source> sources, TranslateOptions options) {
    return sources.stream().map(source -> List.of(translate(source))).toList();
  }

  private Translation translate(Source source) {
    asked.add(source.text());
    StringBuilder text = new StringBuilder();
    List<Translation.Piece> pieces = new ArrayList<>();
    Matcher word = WORD.matcher(source.text());
    while (word.find()) {
      String said = word.group();
      boolean wanted = source.terms().stream().anyMatch(term -> term.forms().contains(said));
      if (forgotten.contains(said) && !wanted) {
        continue;
      }
      boolean mark = said.matches("[.,!?]+");
      String now = words.getOrDefault(said, said);
      for (Term term : source.terms()) {
        now = term.source().filter(said::equals).map(_ -> term.forms().getFirst()).orElse(now);
      }
      text.append(text.isEmpty() || mark ? "" : " ");
      pieces.add(
          new Translation.Piece(
              text.length(), text.length() + now.length(), word.start(), word.end(), -0.1));
      text.append(now);
    }
    int tokens = pieces.size() + 1;
    return new Translation(text.toString(), -0.1, tokens, tokens, pieces, true);
  }

  @Override
  public void close() {
    asked.clear();
  }
}
