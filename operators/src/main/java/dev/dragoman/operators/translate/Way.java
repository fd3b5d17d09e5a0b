package dev.dragoman.operators.translate;

import dev.dragoman.operators.translate.Checks.Problem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * From one language to another: what the memory has comes from there, what is in the other language
 * already stays, the rest goes over the legs of the main route and, where that fails, over those of
 * the fallback; what fails there too stays as it was.
 */
final class Way {
  private static final int LETTERS_THAT_TELL = 25;
  private static final double SURE = 0.1;

  private final List<Step> main;
  private final List<Step> fallback;
  private final Memory memory;
  private final double fuzzy;
  private final double minConfidence;
  private final Verbatim verbatim;
  private final Glossary glossary;
  private final ToDoubleFunction<String> inSource;
  private final SentenceCache cache;
  private final Counts counts = new Counts();

  /**
   * A way.
   *
   * @param fallback no steps if there is none
   * @param inSource how likely a text is in the language of the source rather than the target
   */
  Way(
      List<Step> main,
      List<Step> fallback,
      Memory memory,
      double fuzzy,
      double minConfidence,
      Verbatim verbatim,
      Glossary glossary,
      ToDoubleFunction<String> inSource,
      SentenceCache cache) {
    this.main = main;
    this.fallback = fallback;
    this.memory = memory;
    this.fuzzy = fuzzy;
    this.minConfidence = minConfidence;
    this.verbatim = verbatim;
    this.glossary = glossary;
    this.inSource = inSource;
    this.cache = cache;
  }

  /** A model between two languages. */
  record Step(String from, String to, String model, Leg leg) {}

  /** A sentence on one line. */
  record Sentence(String text) {}

  /** How a rendering came about. */
  enum How {
    /** A model has translated it. */
    MODEL,
    /** It was in the memory. */
    MEMORY,
    /** It was in the wanted language already, or has nothing to translate. */
    KEPT,
    /** No model could; it is the source. */
    FAILED
  }

  /**
   * What a sentence became.
   *
   * @param model the catalog names of the models, with {@code +} between; empty if there was none
   */
  record Rendering(
      String text,
      double confidence,
      How how,
      String model,
      Set<Problem> problems,
      List<Glossary.Found> met,
      List<Glossary.Found> missed) {
    private static Rendering kept(String text) {
      return new Rendering(text, 1, How.KEPT, "", Set.of(), List.of(), List.of());
    }
  }

  /** What this way has counted since it was opened. */
  static final class Counts {
    private long sentences;
    private long cacheHits;
    private long memoryHits;
    private long fallbacks;
    private long failed;
    private long termsMet;
    private long termsMissed;

    /** By name, for metrics. */
    Map<String, Long> byName() {
      Map<String, Long> all = new LinkedHashMap<>();
      all.put("sentences", sentences);
      all.put("cache_hits", cacheHits);
      all.put("memory_hits", memoryHits);
      all.put("fallbacks", fallbacks);
      all.put("untranslated", failed);
      all.put("terms_met", termsMet);
      all.put("terms_missed", termsMissed);
      return all;
    }
  }

  Counts counts() {
    return counts;
  }

  /** The renderings of sentences, in their order; one does not depend on another. */
  List<Rendering> render(List<Sentence> sentences) {
    Map<Sentence, Rendering> done = new LinkedHashMap<>();
    Set<Sentence> open = new LinkedHashSet<>();
    for (Sentence sentence : sentences) {
      if (done.containsKey(sentence) || open.contains(sentence)) {
        counts.cacheHits++;
        continue;
      }
      Optional<Rendering> known = cache.find(sentence);
      known.ifPresent(_ -> counts.cacheHits++);
      known
          .or(() -> withoutModel(sentence.text))
          .ifPresentOrElse(r -> done.put(sentence, r), () -> open.add(sentence));
    }
    translate(List.copyOf(open), done);
    done.forEach(cache::add);
    List<Rendering> renderings = sentences.stream().map(done::get).toList();
    renderings.forEach(this::count);
    return renderings;
  }

  private void count(Rendering rendering) {
    counts.sentences++;
    counts.memoryHits += rendering.how == How.MEMORY ? 1 : 0;
    counts.failed += rendering.how == How.FAILED ? 1 : 0;
    counts.termsMet += rendering.met.size();
    counts.termsMissed += rendering.missed.size();
  }

  private Optional<Rendering> withoutModel(String sentence) {
    Optional<Memory.Match> match = memory.find(sentence, fuzzy);
    if (match.isPresent()) {
      Memory.Match found = match.get();
      return Optional.of(
          new Rendering(
              found.target(), found.likeness(), How.MEMORY, "", Set.of(), List.of(), List.of()));
    }
    String said = Checks.without(sentence, verbatim.spans(sentence));
    long letters = said.codePoints().filter(Character::isLetter).count();
    boolean nothing = letters < 2;
    boolean there = letters >= LETTERS_THAT_TELL && inSource.applyAsDouble(said) < SURE;
    return nothing || there ? Optional.of(Rendering.kept(sentence)) : Optional.empty();
  }

  private void translate(List<Sentence> sentences, Map<Sentence, Rendering> done) {
    List<Rendering> first = over(main, sentences);
    List<Sentence> again = new ArrayList<>();
    for (int i = 0; i < sentences.size(); i++) {
      Rendering rendering = first.get(i);
      done.put(sentences.get(i), rendering);
      if (!fallback.isEmpty()
          && (rendering.how == How.FAILED || rendering.confidence < minConfidence)) {
        again.add(sentences.get(i));
      }
    }
    if (again.isEmpty()) {
      return;
    }
    List<Rendering> second = over(fallback, again);
    for (int i = 0; i < again.size(); i++) {
      Rendering other = second.get(i);
      Rendering before = done.get(again.get(i));
      boolean better =
          other.how != How.FAILED
              && (before == null
                  || before.how == How.FAILED
                  || other.confidence > before.confidence);
      if (better) {
        counts.fallbacks++;
        done.put(again.get(i), other);
      }
    }
  }

  private List<Rendering> over(List<Step> steps, List<Sentence> sentences) {
    if (sentences.isEmpty()) {
      return List.of();
    }
    String model = steps.stream().map(Step::model).distinct().collect(Collectors.joining("+"));
    String from = steps.getFirst().from;
    String to = steps.getLast().to;
    List<String> texts = new ArrayList<>(sentences.stream().map(Sentence::text).toList());
    double[] confidences = new double[texts.size()];
    List<Set<Problem>> problems = new ArrayList<>();
    List<List<Glossary.Found>> wanted = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      confidences[i] = 1;
      problems.add(EnumSet.noneOf(Problem.class));
      wanted.add(glossary.find(texts.get(i), from, to));
    }
    for (Step step : steps) {
      boolean last = step == steps.getLast();
      List<Integer> going = new ArrayList<>();
      List<Leg.Ask> asks = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        if (problems.get(i).stream().noneMatch(Problem::fatal)) {
          going.add(i);
          String text = texts.get(i);
          List<Glossary.Found> terms =
              !last
                  ? List.of()
                  : steps.size() == 1
                      ? wanted.get(i)
                      : wanted.get(i).stream().map(Glossary.Found::elsewhere).toList();
          asks.add(new Leg.Ask(text, verbatim.spans(text), terms));
        }
      }
      List<Leg.Answer> answers = step.leg.translate(asks);
      for (int k = 0; k < going.size(); k++) {
        int i = going.get(k);
        Leg.Answer answer = answers.get(k);
        problems.get(i).addAll(answer.problems());
        confidences[i] *= answer.confidence();
        texts.set(i, answer.text());
      }
    }
    List<Rendering> renderings = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      boolean failed = problems.get(i).stream().anyMatch(Problem::fatal);
      String text = failed ? sentences.get(i).text : texts.get(i);
      Map<Boolean, List<Glossary.Found>> terms =
          wanted.get(i).stream()
              .collect(Collectors.partitioningBy(term -> !failed && term.isIn(text)));
      renderings.add(
          new Rendering(
              text,
              failed ? 0 : confidences[i],
              failed ? How.FAILED : How.MODEL,
              model,
              Set.copyOf(problems.get(i)),
              List.copyOf(terms.getOrDefault(true, List.of())),
              List.copyOf(terms.getOrDefault(false, List.of()))));
    }
    return renderings;
  }
}
