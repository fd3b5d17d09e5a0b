package dev.dragoman.jobs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.Engine;
import dev.dragoman.models.LanguageModel;
import dev.dragoman.models.TextClassifier;
import dev.dragoman.models.TokenClassifier;
import dev.dragoman.models.WeightType;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.models.catalog.ModelStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast a model runs. */
@Command(
    name = "bench",
    description = {
      "Measure how fast a model runs on this machine; prints one JSON object.",
      "Items are texts. They are run --at-once together for the rates, and one by one for p50_ms"
          + " and p99_ms, the time of one text alone. Running them before the clock starts is not"
          + " counted. load_ms is opening the model, first_token_ms from there to the first token"
          + " (or vector, or label) of the first text.",
      "Tokens are those that go into the model; of a language model, those that come out, and"
          + " prefill_tokens_per_second and decode_tokens_per_second tell the two halves apart, as"
          + " one text sees them."
    },
    footer = {
      "",
      "Example:",
      "  dragoman model bench --model smollm2-135m-instruct --threads 2 --seconds 20"
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<String> TEXTS =
      List.of(
          "Mijn internet doet het al drie dagen niet en niemand belt me terug.",
          "Where is my parcel? It should have been here on Tuesday.",
          "Graag ontvang ik een kopie van de factuur van maart, want ik kan hem niet meer vinden.",
          "The invoice says 89.50, but we agreed on 79.50 for the first year. Please send a new one"
              + " and tell me when the difference will be paid back.",
          "Hoe zeg ik mijn abonnement op?",
          "I moved house last month and the technician went to my old address. He was there on"
              + " time, but of course nobody could let him in. Can you make a new appointment, in"
              + " the afternoon if possible?",
          "De monteur is geweest, maar de verwarming lekt nog steeds. Kan er deze week iemand"
              + " komen?",
          "Thank you for the quick help!");

  /** What a model can be measured at. */
  enum Task {
    EMBED("embedding"),
    GENERATE("generating text"),
    CLASSIFY("classifying");

    private final String words;

    Task(String words) {
      this.words = words;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Task of(Path model) {
      return LanguageModel.isOne(model)
          ? GENERATE
          : TextClassifier.isOne(model) || TokenClassifier.isOne(model) ? CLASSIFY : EMBED;
    }

    /** Encoders with a head can be embedded with as well. */
    boolean possibleWith(Task own) {
      return this == own || (this == EMBED && own == CLASSIFY);
    }
  }

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelCommand.LineOptions options = new ModelCommand.LineOptions();

  @Option(
      names = "--task",
      paramLabel = "embed|generate|classify",
      description = "What to measure; what the model is made for if not given.")
  private @Nullable Task task;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads, as many as there are cores if not given.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "Measure so long, after half of it (at most 5 s) to warm up. Default: 10.")
  private double seconds;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description = "Texts that run together. Default: 32, and 1 to generate.")
  private int atOnce;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "Tokens to generate after each text. Default: 64.")
  private int maxTokens;

  @Option(
      names = "--weights",
      paramLabel = "f32|int8",
      defaultValue = "f32",
      description = "How the weights are kept, to embed. Default: f32.")
  private WeightType weights = WeightType.F32;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (threads < 1 || !(seconds > 0) || atOnce < 0 || maxTokens < 1) {
      throw new UserException(
          "--threads, --seconds, --at-once and --max-tokens must be more than 0");
    }
    String kernels = Engine.kernels();
    List<String> texts = texts();
    refuseOtherTasks();
    Path path = options.folder(common);
    Task own = Task.of(path);
    Task wanted = task == null ? own : task;
    if (!wanted.possibleWith(own)) {
      throw new UserException(
          "%s is a model for %s, not for %s: --task %s"
              .formatted(options.model(), own.words, wanted.words, own.label()));
    }
    if (weights != WeightType.F32 && wanted != Task.EMBED) {
      throw new UserException("--weights is for embedding; add --task embed, or leave it out");
    }
    System.err.println("loading " + options.model());
    long start = System.nanoTime();
    try (BenchWork work = open(wanted, path, texts)) {
      double loaded = milliseconds(System.nanoTime() - start);
      work.run(1);
      double first = milliseconds(work.firstResult() - start);
      int together = atOnce > 0 ? atOnce : wanted == Task.GENERATE ? 1 : 32;
      double warm = Math.min(5, seconds / 2);
      tell("warming up for %.1f s", warm);
      BenchRun.of(work, together, warm / 2);
      BenchRun.of(work, 1, warm / 2);
      tell("measuring for %.1f s", seconds);
      // One text at a time is both: what passes, and how long each takes.
      BenchRun rate = BenchRun.of(work, together, together == 1 ? seconds : seconds * 2 / 3);
      BenchRun single = together == 1 ? rate : BenchRun.of(work, 1, seconds / 3);
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      result.put("model", options.model());
      result.put("task", wanted.label());
      result.put("kernels", kernels);
      if (wanted == Task.EMBED) {
        result.put("weights", weights.name().toLowerCase(Locale.ROOT));
      }
      result.put("threads", threads);
      result.put("at_once", together);
      result.put("items", rate.items());
      result.put("tokens", rate.done().tokens());
      result.put("items_per_second", round(rate.items() / rate.seconds()));
      result.put("tokens_per_second", round(rate.done().tokens() / rate.seconds()));
      result.put("p50_ms", round(percentile(single.milliseconds(), 0.5)));
      result.put("p99_ms", round(percentile(single.milliseconds(), 0.99)));
      result.put(
          "allocated_bytes_per_token",
          round((double) rate.allocated() / Math.max(1, rate.done().tokens())));
      result.put("load_ms", round(loaded));
      result.put("first_token_ms", round(first));
      if (wanted == Task.GENERATE) {
        result.put("prefill_tokens_per_second", round(rate.done().prefillRate()));
        result.put("decode_tokens_per_second", round(rate.done().decodeRate()));
      }
      CommonOptions.printJson(System.out, result);
    }
    return ExitCode.DONE;
  }

  private List<String> texts() throws IOException {
    if (!options.hasInput()) {
      return TEXTS;
    }
    try (BufferedReader lines = options.lines()) {
      List<String> texts = lines.lines().filter(line -> !line.isBlank()).toList();
      if (texts.isEmpty()) {
        throw new UserException("the input has no lines");
      }
      return texts;
    }
  }

  /** A model of the catalog that does something else need not be pulled to say so. */
  private void refuseOtherTasks() {
    ModelStore.atDefaultHome()
        .catalog()
        .find(options.model())
        .map(CatalogEntry::task)
        .ifPresent(does -> {
          switch (does) {
            case EMBED, GENERATE, CLASSIFY -> {}
            case OCR, TRANSCRIBE, TRANSLATE, CAPTION ->
                throw new UserException(
                    "%s is a model to %s with; bench measures embed, generate and classify"
                        .formatted(options.model(), does.label()));
          }
        });
  }

  private BenchWork open(Task wanted, Path path, List<String> texts) {
    return switch (wanted) {
      case EMBED -> BenchWork.embed(path, texts, threads, weights);
      case CLASSIFY -> BenchWork.classify(path, texts, threads);
      case GENERATE -> BenchWork.generate(path, texts, threads, atOnce, maxTokens);
    };
  }

  private static void tell(String format, double seconds) {
    System.err.println(String.format(Locale.ROOT, format, seconds));
  }

  private static double milliseconds(long nanoseconds) {
    return nanoseconds / 1e6;
  }

  /** Of the values in any order, the smallest that so many of them do not exceed. */
  static double percentile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
