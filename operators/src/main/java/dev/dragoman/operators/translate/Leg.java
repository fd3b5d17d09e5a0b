package dev.dragoman.operators.translate;

import dev.dragoman.models.PromptedTranslator;
import dev.dragoman.models.TranslateOptions;
import dev.dragoman.models.Translation;
import dev.dragoman.models.Translator;
import dev.dragoman.models.Translator.Source;
import dev.dragoman.models.Translator.Term;
import dev.dragoman.operators.translate.Checks.Problem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One model between two languages, with all that is tried until a translation has what it must: the
 * sentence without its markup, which the alignment brings back; then held to what was lost; then in
 * pieces around what must stay as it is.
 */
final class Leg {
  /** Longer sentences are cut: models for translation were trained on shorter ones. */
  private static final int LONGEST = 160;

  private final Translator translator;
  private final TranslateOptions options;
  private final ToDoubleFunction<String> stillSource;

  /**
   * A leg.
   *
   * @param stillSource how likely a text is in the language of the source rather than the target
   */
  Leg(Translator translator, TranslateOptions options, ToDoubleFunction<String> stillSource) {
    this.translator = translator;
    this.options = options;
    this.stillSource = stillSource;
  }

  /** A sentence to translate. */
  record Ask(String text, List<Verbatim.Span> spans, List<Glossary.Found> terms) {}

  /**
   * What became of it.
   *
   * @param confidence the mean probability of its tokens, less where something is wrong
   */
  record Answer(
      String text, double confidence, Set<Problem> problems, int sourceTokens, int targetTokens) {
    /** Whether the source is better than this. */
    boolean failed() {
      return problems.stream().anyMatch(Problem::fatal);
    }

    private int badness() {
      return problems.stream().mapToInt(p -> 1 << (Problem.values().length - p.ordinal())).sum();
    }
  }

  /** Translates sentences; what one becomes does not depend on the others. */
  List<Answer> translate(List<Ask> asks) {
    Map<Ask, Answer> best = new LinkedHashMap<>();
    asks.forEach(ask -> best.put(ask, nothing()));
    whole(List.copyOf(best.keySet()), best);
    held(with(best, EnumSet.of(Problem.NOT_VERBATIM, Problem.NUMBERS)), best);
    inPieces(with(best, EnumSet.of(Problem.NOT_VERBATIM)), best);
    return asks.stream().map(best::get).toList();
  }

  private static Answer nothing() {
    return new Answer("", 0, EnumSet.of(Problem.EMPTY), 0, 0);
  }

  private static List<Ask> with(Map<Ask, Answer> answers, Set<Problem> problems) {
    return answers.entrySet().stream()
        .filter(entry -> entry.getValue().problems.stream().anyMatch(problems::contains))
        .map(Map.Entry::getKey)
        .toList();
  }

  private void whole(List<Ask> asks, Map<Ask, Answer> best) {
    List<Ask> shorter = new ArrayList<>();
    List<Ask> longer = new ArrayList<>();
    List<Source> sources = new ArrayList<>();
    List<Optional<Markup>> markups = new ArrayList<>();
    for (Ask ask : asks) {
      if (translator.tokens(ask.text) > longest()) {
        longer.add(ask);
        continue;
      }
      boolean marked = aligns() && ask.spans.stream().anyMatch(Verbatim.Span::markup);
      Optional<Markup> markup =
          marked ? Optional.of(new Markup(ask.text, ask.spans)) : Optional.empty();
      shorter.add(ask);
      markups.add(markup);
      sources.add(
          new Source(
              markup.map(Markup::plain).orElse(ask.text),
              ask.terms.stream().map(Glossary.Found::term).toList()));
    }
    boolean aligned = markups.stream().anyMatch(Optional::isPresent);
    List<Translation> translations = run(sources, aligned);
    for (int i = 0; i < shorter.size(); i++) {
      Translation translation = translations.get(i);
      String text = markups.get(i).map(m -> m.putBack(translation)).orElse(translation.text());
      better(best, shorter.get(i), answer(shorter.get(i), text, translation));
    }
    joined(
        longer,
        longer.stream().map(ask -> Pieces.cut(ask.text, translator::tokens, longest())).toList(),
        best);
  }

  private int longest() {
    return Math.min(LONGEST, translator.maxTokens());
  }

  private boolean aligns() {
    return !(translator instanceof PromptedTranslator);
  }

  /** Once more, with what was lost among what must be found. */
  private void held(List<Ask> asks, Map<Ask, Answer> best) {
    List<Source> sources = new ArrayList<>();
    for (Ask ask : asks) {
      String before = best.getOrDefault(ask, nothing()).text;
      List<Term> terms = new ArrayList<>(ask.terms.stream().map(Glossary.Found::term).toList());
      Checks.lost(ask.text, before, ask.spans).stream()
          .map(Verbatim.Span::text)
          .distinct()
          .forEach(lost -> terms.add(new Term(List.of(lost), Optional.of(lost))));
      Checks.missing(ask.text, before, ask.spans).stream()
          .distinct()
          .forEach(lost -> terms.add(new Term(List.of(lost), Optional.of(lost))));
      sources.add(new Source(ask.text, terms));
    }
    List<Translation> translations = run(sources, false);
    for (int i = 0; i < asks.size(); i++) {
      Translation translation = translations.get(i);
      better(best, asks.get(i), answer(asks.get(i), translation.text(), translation));
    }
  }

  private void inPieces(List<Ask> asks, Map<Ask, Answer> best) {
    joined(asks, asks.stream().map(ask -> Pieces.around(ask.text, ask.spans)).toList(), best);
  }

  private void joined(List<Ask> asks, List<List<Pieces.Piece>> pieces, Map<Ask, Answer> best) {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < asks.size(); i++) {
      for (Pieces.Piece piece : pieces.get(i)) {
        if (piece.translated()) {
          sources.add(new Source(piece.text(), terms(piece, asks.get(i))));
        }
      }
    }
    List<Translation> translations = run(sources, false);
    int at = 0;
    for (int i = 0; i < asks.size(); i++) {
      StringBuilder text = new StringBuilder();
      double sum = 0;
      int sourceTokens = 0;
      int targetTokens = 0;
      boolean finished = true;
      for (Pieces.Piece piece : pieces.get(i)) {
        text.append(piece.before());
        if (!piece.translated()) {
          text.append(piece.text());
          continue;
        }
        Translation part = translations.get(at++);
        text.append(Pieces.fitted(piece.text(), part.text()));
        sum += part.score() * part.targetTokens();
        sourceTokens += part.sourceTokens();
        targetTokens += part.targetTokens();
        finished &= part.finished();
      }
      Translation whole =
          new Translation(
              text.toString(),
              targetTokens == 0 ? 0 : sum / targetTokens,
              sourceTokens,
              targetTokens,
              List.of(),
              finished);
      better(best, asks.get(i), answer(asks.get(i), whole.text(), whole));
    }
  }

  private static List<Term> terms(Pieces.Piece piece, Ask ask) {
    return ask.terms.stream()
        .filter(term -> !term.source().isEmpty() && piece.text().contains(term.source()))
        .map(Glossary.Found::term)
        .toList();
  }

  private List<Translation> run(List<Source> sources, boolean aligned) {
    if (sources.isEmpty()) {
      return List.of();
    }
    return translator.translate(sources, aligned ? options.withAlignment() : options).stream()
        .map(List::getFirst)
        .toList();
  }

  private Answer answer(Ask ask, String text, Translation translation) {
    Set<Problem> problems =
        Checks.problems(ask.text, text, translation.finished(), ask.spans, ask.terms, stillSource);
    double confidence = Math.clamp(Math.exp(translation.score()), 0, 1);
    return new Answer(
        text,
        problems.isEmpty() ? confidence : confidence / 2,
        problems,
        translation.sourceTokens(),
        translation.targetTokens());
  }

  private static void better(Map<Ask, Answer> best, Ask ask, Answer answer) {
    if (answer.badness() < best.getOrDefault(ask, nothing()).badness()) {
      best.put(ask, answer);
    }
  }
}
