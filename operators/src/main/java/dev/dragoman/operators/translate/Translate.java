package dev.dragoman.operators.translate;

import dev.dragoman.models.LanguageModelOptions;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.PromptedTranslator;
import dev.dragoman.models.TextGenerator;
import dev.dragoman.models.TranslateOptions;
import dev.dragoman.models.Translator;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.text.LanguageContrast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Translates the text of documents. */
public final class Translate implements Operator {
  static final String NAME = "Translate";
  static final String VERSION = "1";

  private static final int BATCH_TOKENS = 2048;

  /** What to do with a document in a language that no model leads from. */
  public enum OnMissingPair {
    /** Reject it as {@code UNSUPPORTED}. */
    FAIL,
    /** Keep it without a translation. */
    KEEP
  }

  /** How to translate. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Translates the text of documents, sentence by sentence.",
      details =
          "Adds a rewrite of kind `translation`: the whole text with its lines and lists, in which"
              + " what is in the wanted language already stays as it is. Each sentence becomes a span"
              + " `translated` at its place in the text, with its translation and a confidence, or"
              + " `untranslated` with what was wrong where no model could; the source stays there."
              + " Markup, addresses, numbers, placeholders, codes and the names in `protect` are"
              + " carried over as they are. Terms of the glossary become spans `term` or"
              + " `term_missed`. The language of a text comes from `from` or from DetectLanguage. A"
              + " document all in the wanted language, or in none that could be told, passes"
              + " untouched. Rejects documents in a language without a route: UNSUPPORTED.")
  public record Config(
      @Param(value = "The language wanted, ISO 639-1.", fallback = "\"en\"") String to,
      @Param(
              value = "The language the texts are in; empty: as DetectLanguage found.",
              fallback = "\"\"")
          String from,
      @Param(
              value =
                  "The model for each language (nl) or pair (nl-en): a name from 'dragoman model"
                      + " list' or a path. Several with | between: the first that is installed, or"
                      + " else the last. A language model translates by examples. Empty: the Firefox"
                      + " pairs, opus-mt where it is installed, and gemma-3-270m for Dutch.",
              fallback = "{}")
          Map<String, String> routes,
      @Param(
              value = "One model for all languages that have no route of their own.",
              fallback = "\"\"")
          String model,
      @Param(
              value =
                  "The language in between where a direct route is missing; empty: never go round.",
              fallback = "\"en\"")
          String pivot,
      @Param(
              value =
                  "A model to try where another one fails: nothing or too much comes back, it repeats"
                      + " itself, the language stays the same, or the confidence is below"
                      + " min_confidence. It must know the pair.",
              fallback = "\"\"")
          String fallback,
      @Param(
              value =
                  "A CSV file of terms: source, target, languages (nl-en), forms (other forms of the"
                      + " target, with | between), case (exact).",
              fallback = "\"\"")
          String glossary,
      @Param(value = "Names that stay as they are: products, brands.", fallback = "[]")
          List<String> protect,
      @Param(
              value =
                  "A translation memory: TMX, or CSV with source, target, languages. A sentence in it"
                      + " (its numbers aside) is not translated again.",
              fallback = "\"\"")
          String memory,
      @Param(
              value =
                  "How much alike, from 0.5 to 1, a sentence must be to one of the memory for its"
                      + " translation to be taken.",
              fallback = "1")
          double fuzzy,
      @Param(
              value =
                  "How many translations are followed at once; 1: only the best; 0: as the model"
                      + " says.",
              fallback = "0")
          int beams,
      @Param(
              value =
                  "Below this confidence, from 0 to 1, the fallback is tried, and a document's"
                      + " translation is labelled low_confidence.",
              fallback = "0.2")
          double minConfidence,
      @Param(
              value =
                  "fail: reject a document in a language without a route; keep: leave it as it is.",
              fallback = "\"fail\"")
          OnMissingPair onMissingPair,
      @Param(
              value =
                  "How many characters of a document are translated, whole sentences, from its"
                      + " beginning; what follows stays as it is, and a label `translation_cut` says"
                      + " so. 0: all of it. A language model takes minutes for a long document.",
              fallback = "0")
          int maxCharacters)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      routes = Collections.unmodifiableMap(new LinkedHashMap<>(routes));
      protect = List.copyOf(protect);
      if (protect.stream().anyMatch(String::isBlank)) {
        throw new ConfigException("protect", NAME + ".protect has an empty name");
      }
      if (!(fuzzy >= 0.5 && fuzzy <= 1)) {
        throw new ConfigException("fuzzy", NAME + ".fuzzy must be from 0.5 to 1, not " + fuzzy);
      }
      if (beams < 0 || beams > 16) {
        throw new ConfigException("beams", NAME + ".beams must be from 0 to 16, not " + beams);
      }
      if (!(minConfidence >= 0 && minConfidence <= 1)) {
        throw new ConfigException(
            "min_confidence", NAME + ".min_confidence must be from 0 to 1, not " + minConfidence);
      }
      if (maxCharacters < 0) {
        throw new ConfigException(
            "max_characters",
            NAME + ".max_characters must not be below 0, but is " + maxCharacters);
      }
      requireFile("glossary", glossary);
      requireFile("memory", memory);
    }

    private static void requireFile(String key, String file) {
      if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
        throw new ConfigException(key, NAME + "." + key + ": there is no readable file " + file);
      }
    }

    /** Every parameter at its default. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    @Override
    public List<String> models() {
      return models(ModelStore.atDefaultHome());
    }

    private List<String> models(ModelStore store) {
      Routes ways = Routes.of(this);
      Set<String> needed = new LinkedHashSet<>();
      if (from.isEmpty()) {
        needed.addAll(ways.models(to, store));
      } else {
        ways.way(from, to, store).stream()
            .flatMap(List::stream)
            .forEach(step -> needed.add(step.model()));
      }
      if (!fallback.isEmpty()) {
        needed.add(fallback);
      }
      return List.copyOf(needed);
    }

    @Override
    public void checkAfter(List<? extends OperatorConfig> before) {
      if (from.isEmpty()
          && before.stream().noneMatch(c -> c.info().name().equals("DetectLanguage"))) {
        throw new ConfigException(
            "from",
            NAME
                + " has to know the language of a text: put DetectLanguage before it, or say it"
                + " with from");
      }
    }

    @Override
    public Translate open(OperatorContext context) {
      Routes ways = Routes.of(this);
      if (!from.isEmpty() && !from.equals(to) && ways.way(from, to, context.models()).isEmpty()) {
        throw new ConfigException("from", noWay(ways, from, context.models()));
      }
      if (from.isEmpty() && ways.models(to, context.models()).isEmpty()) {
        throw new ConfigException(
            "to",
            "no route leads to "
                + to
                + "; there are: "
                + ways.pairs(context.models())
                + ". Name models for it in the config of Translate: routes: {LANGUAGE: MODEL}");
      }
      models(context.models()).forEach(context.models()::require);
      Glossary terms = glossary.isEmpty() ? Glossary.EMPTY : Glossary.read(Path.of(glossary));
      return new Translate(this, ways, terms, context.models());
    }

    private String noWay(Routes ways, String language, ModelStore store) {
      return "there is no route from "
          + language
          + " to "
          + to
          + "; there are: "
          + ways.pairs(store)
          + ". Name a model for it in the config of Translate: routes: {"
          + language
          + ": MODEL}";
    }
  }

  private final Config config;
  private final Routes routes;
  private final Glossary glossary;
  private final ModelStore store;
  private final Map<String, Optional<Way>> ways = new HashMap<>();
  private final List<AutoCloseable> leased = new ArrayList<>();

  private Translate(Config config, Routes routes, Glossary glossary, ModelStore store) {
    this.config = config;
    this.routes = routes;
    this.glossary = glossary;
    this.store = store;
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    List<TranslatedDocument> works = new ArrayList<>(batch.size());
    Map<String, List<Way.Sentence>> wanted = new TreeMap<>();
    for (Document document : batch) {
      TranslatedDocument work =
          TranslatedDocument.of(document, config.from(), config.to(), config.maxCharacters());
      works.add(work);
      if (work.languages().stream().allMatch(from -> way(from).isPresent())) {
        work.sentences()
            .forEach(
                (from, some) -> wanted.computeIfAbsent(from, _ -> new ArrayList<>()).addAll(some));
      }
    }
    Map<String, Map<Way.Sentence, Way.Rendering>> rendered = new HashMap<>();
    wanted.forEach((from, sentences) -> {
      List<Way.Rendering> renderings = way(from).orElseThrow().render(sentences);
      Map<Way.Sentence, Way.Rendering> byText = new HashMap<>();
      for (int i = 0; i < sentences.size(); i++) {
        byText.put(sentences.get(i), renderings.get(i));
      }
      rendered.put(from, byText);
    });
    return works.stream().map(work -> outcome(work, rendered)).toList();
  }

  private Outcome outcome(
      TranslatedDocument work, Map<String, Map<Way.Sentence, Way.Rendering>> rendered) {
    Optional<String> missing =
        work.languages().stream().filter(from -> way(from).isEmpty()).findFirst();
    if (missing.isEmpty()) {
      return new Outcome.Enriched(work.finished(rendered, config.minConfidence()));
    }
    String why = config.noWay(routes, missing.get(), store);
    return switch (config.onMissingPair) {
      case FAIL -> Outcome.failed(work.document(), RejectionCode.UNSUPPORTED, NAME, why);
      case KEEP ->
          new Outcome.Enriched(
              work.document()
                  .plus(List.of(skipped(work.document(), why)))
                  .with(Step.skipped(NAME, VERSION, "", why)));
    };
  }

  private static Annotation.Label skipped(Document document, String why) {
    PartId first = document.textParts().getFirst().id();
    return new Annotation.Label(new Origin(first, NAME, VERSION, ""), "skipped", why, Double.NaN);
  }

  /** The way from a language, opened when it first turns up. */
  private Optional<Way> way(String from) {
    Optional<Way> known = ways.get(from);
    if (known == null) {
      known = routes.way(from, config.to(), store).flatMap(steps -> open(from, steps));
      ways.put(from, known);
    }
    return known;
  }

  private record CacheKey(Config config, String from, List<Routes.Step> steps) {}

  private Optional<Way> open(String from, List<Routes.Step> steps) {
    List<Routes.Step> last =
        config.fallback().isEmpty()
            ? List.of()
            : List.of(new Routes.Step(from, config.to(), config.fallback(), false));
    List<Way.Step> main = steps.stream().flatMap(step -> open(step).stream()).toList();
    if (main.size() < steps.size()) {
      return Optional.empty();
    }
    var cache =
        lease(
            SharedResource.lease(
                SentenceCache.class, new CacheKey(config, from, steps), SentenceCache::new));
    return Optional.of(
        new Way(
            main,
            last.stream().flatMap(step -> open(step).stream()).toList(),
            config.memory().isEmpty()
                ? Memory.empty()
                : Memory.read(Path.of(config.memory()), from, config.to()),
            config.fuzzy(),
            config.minConfidence(),
            new Verbatim(config.protect()),
            glossary,
            contrast(from, config.to()),
            cache));
  }

  /** Nothing if the model does not know the languages, and no route says that it does. */
  private Optional<Way.Step> open(Routes.Step step) {
    Path path = store.require(step.model());
    Translator translator =
        lease(SharedResource.lease(Translator.class, path, () -> translator(path)));
    boolean reads = knows(translator.sources(), step.from());
    boolean writes = knows(translator.targets(), step.to());
    if (!reads || !writes) {
      if (!step.named()) {
        return Optional.empty();
      }
      throw new ModelException(
          "%s is named for %s-%s, but it reads %s and writes %s"
              .formatted(
                  step.model(),
                  step.from(),
                  step.to(),
                  String.join(", ", new TreeSet<>(translator.sources())),
                  String.join(", ", new TreeSet<>(translator.targets()))));
    }
    TranslateOptions options =
        TranslateOptions.of(step.from(), step.to()).withBeams(config.beams());
    Leg leg = new Leg(translator, options, contrast(step.from(), step.to()));
    return Optional.of(new Way.Step(step.from(), step.to(), step.model(), leg));
  }

  private static boolean knows(Set<String> languages, String wanted) {
    return languages.isEmpty() || languages.contains(wanted);
  }

  private static Translator translator(Path path) {
    return Translator.isOne(path)
        ? Translator.open(path, LanguageModelOptions.defaults().threads())
        : PromptedTranslator.over(TextGenerator.open(path));
  }

  private ToDoubleFunction<String> contrast(String from, String to) {
    Optional<LanguageContrast> contrast = LanguageContrast.open(from, to);
    contrast.ifPresent(leased::add);
    return contrast.<ToDoubleFunction<String>>map(c -> c::first).orElse(_ -> 0.5);
  }

  private <R> R lease(SharedResource.Lease<R> lease) {
    leased.add(lease);
    return lease.get();
  }

  @Override
  public long weight(Document document) {
    return document.textParts().stream().mapToLong(part -> part.text().length() / 4 + 1L).sum();
  }

  @Override
  public long batchWeight() {
    return BATCH_TOKENS;
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> sums = new TreeMap<>();
    ways.values()
        .forEach(way ->
            way.ifPresent(w -> w.counts().byName().forEach((k, n) -> sums.merge(k, n, Long::sum))));
    return sums;
  }

  @Override
  public void close() {
    ways.clear();
    for (AutoCloseable each : leased.reversed()) {
      try {
        each.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("cannot give back " + each, e);
      }
    }
    leased.clear();
  }
}
