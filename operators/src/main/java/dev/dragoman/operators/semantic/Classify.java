package dev.dragoman.operators.semantic;

import dev.dragoman.models.ClassifyOptions;
import dev.dragoman.models.LanguageModelOptions;
import dev.dragoman.models.TextClassifier;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.SharedResource.Lease;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Sorts documents by what they mean, from a few examples or a description of each label. */
public final class Classify implements Operator {
  static final String NAME = "Classify";
  static final String VERSION = "2";

  /** The value of the label where none of the given ones is sure enough. */
  public static final String UNKNOWN = "unknown";

  private static final int BATCH_TOKENS = 4096;

  /** Of a long text so many windows are read, from its beginning. */
  private static final int MOST_WINDOWS = 8;

  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9_]*");

  /** How to sort. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Sorts documents by what they mean, from a few examples of each label.",
      details =
          "Adds a label whose value is the name of the label whose examples the text is nearest to,"
              + " with a confidence that is calibrated on the examples themselves when there are at"
              + " least ten, two for each label (a fixed scale otherwise); or unknown, with the"
              + " confidence of the best guess. A text longer than the model can take is read in up"
              + " to eight windows from its beginning, whose mean counts. A model of natural language"
              + " inference (BART-MNLI and the like) is asked instead whether a label follows from"
              + " the beginning of the text: by its name, or by its description where it has one"
              + " only; outliers_unknown means nothing to it. A document without text goes on, with"
              + " the step marked as skipped.")
  public record Config(
      @Param(
              value =
                  "The kind of the label that is added; category fills the columns category and"
                      + " category_confidence.",
              fallback = "\"category\"")
          String into,
      @Param(
              "At least two labels, each with a list of example texts (ten are good, three help) or"
                  + " one that describes it; an empty list takes the label's name for a"
                  + " description.")
          Map<String, List<String>> labels,
      @Param(value = "Below this confidence, from 0 to 1, the value is unknown.", fallback = "0.4")
          double threshold,
      @Param(
              value =
                  "Whether a text is unknown, too, when it is less like the nearest label's"
                      + " examples than all but one in a hundred examples are like the others of"
                      + " their label (with too few examples: a cosine below 0.15), however sure it"
                      + " is that the other labels are further away.",
              fallback = "true")
          boolean outliersUnknown,
      @Param(
              value =
                  "A name from 'dragoman model list', or a folder: an embedding model, or one of"
                      + " natural language inference.",
              fallback = "\"" + Embedders.DEFAULT_MODEL + "\"")
          String model)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      Embedders.requireModel(NAME, model);
      if (!KIND.matcher(into).matches()) {
        throw new ConfigException(
            "into",
            NAME + ".into must be one word of small letters, digits and underscores, not " + into);
      }
      if (labels.size() < 2) {
        throw new ConfigException("labels", NAME + ".labels must have at least two labels");
      }
      Map<String, List<String>> copy = new LinkedHashMap<>();
      labels.forEach((label, examples) -> {
        if (label.isBlank() || examples.stream().anyMatch(String::isBlank)) {
          throw new ConfigException(
              "labels", NAME + ".labels has an empty name or example at '" + label + "'");
        }
        copy.put(label, List.copyOf(examples));
      });
      labels = Collections.unmodifiableMap(copy);
      if (!(threshold >= 0 && threshold <= 1)) {
        throw new ConfigException(
            "threshold", NAME + ".threshold must be from 0 to 1, not " + threshold);
      }
    }

    /** These labels, everything else at its default. */
    public static Config of(Map<String, List<String>> labels) {
      return new Config("category", labels, 0.4, true, Embedders.DEFAULT_MODEL);
    }

    @Override
    public List<String> models() {
      return List.of(model);
    }

    @Override
    public Operator open(OperatorContext context) {
      Path folder = context.models().require(model);
      if (TextClassifier.isOne(folder)) {
        return new Entailment(
            this,
            SharedResource.lease(
                TextClassifier.class,
                folder,
                () ->
                    TextClassifier.open(
                        folder,
                        ClassifyOptions.defaults()
                            .withThreads(LanguageModelOptions.defaults().threads()))));
      }
      return new Classify(
          this,
          SharedResource.lease(
              Prototypes.class,
              new Key(folder, labels),
              () -> Prototypes.open(context, model, labels)));
    }
  }

  private record Key(Path folder, Map<String, List<String>> labels) {}

  private final Config config;
  private final Lease<Prototypes> prototypes;

  Classify(Config config, Lease<Prototypes> prototypes) {
    this.config = config;
    this.prototypes = prototypes;
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    List<List<String>> windows = batch.stream().map(this::windows).toList();
    List<String> texts = windows.stream().flatMap(List::stream).toList();
    float[][] vectors =
        texts.isEmpty() ? new float[0][] : Embedders.alike(prototypes.get().embedder(), texts);
    List<Outcome> outcomes = new ArrayList<>(batch.size());
    int from = 0;
    for (int i = 0; i < batch.size(); i++) {
      int count = windows.get(i).size();
      Document document = batch.get(i);
      if (count == 0) {
        document =
            document.with(
                Step.skipped(NAME, VERSION, config.model, "the document has no text to classify"));
      } else {
        document =
            document
                .plus(List.of(label(document, mean(windows.get(i), vectors, from))))
                .with(Step.done(NAME, VERSION, config.model));
      }
      outcomes.add(new Outcome.Enriched(document));
      from += count;
    }
    return outcomes;
  }

  private List<String> windows(Document document) {
    String text = document.text();
    if (text.isBlank()) {
      return List.of();
    }
    var embedder = prototypes.get().embedder();
    int room = Embedders.room(embedder);
    if (embedder.tokenizer().count(text) <= room) {
      return List.of(text);
    }
    return Passages.of(text, Embedders.language(document), embedder.tokenizer(), room, 0).stream()
        .limit(MOST_WINDOWS)
        .map(passage -> text.substring(passage.start(), passage.end()))
        .toList();
  }

  /** Longer windows count for more. */
  private static float[] mean(List<String> windows, float[][] vectors, int from) {
    if (windows.size() == 1) {
      return vectors[from];
    }
    double[] sum = new double[vectors[from].length];
    for (int i = 0; i < windows.size(); i++) {
      Embedders.add(sum, vectors[from + i], windows.get(i).length());
    }
    return Embedders.unit(sum);
  }

  private Annotation.Label label(Document document, float[] vector) {
    Prototypes.Verdict best = prototypes.get().verdicts(vector).getFirst();
    boolean sure =
        best.probability() >= config.threshold
            && (!config.outliersUnknown || best.similarity() >= prototypes.get().floor());
    return label(document, config, sure ? best.label() : UNKNOWN, best.probability());
  }

  static Annotation.Label label(Document document, Config config, String value, double confidence) {
    TextPart first =
        document.textParts().stream()
            .filter(part -> !part.text().isBlank())
            .findFirst()
            .orElseThrow();
    return new Annotation.Label(
        new Origin(first.id(), NAME, VERSION, config.model), config.into, value, confidence);
  }

  @Override
  public long weight(Document document) {
    long tokens = 0;
    for (TextPart part : document.textParts()) {
      tokens += Embedders.tokens(part.text().length());
    }
    return Math.min(tokens, (long) MOST_WINDOWS * prototypes.get().embedder().maxTokens());
  }

  @Override
  public long batchWeight() {
    return BATCH_TOKENS;
  }

  @Override
  public void close() {
    prototypes.close();
  }
}
