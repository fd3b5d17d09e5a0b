package dev.dragoman.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.dragoman.models.TextGenerator;
import dev.dragoman.models.TextToText;
import dev.dragoman.models.WriteOptions;
import dev.dragoman.models.generate.GenerateOptions;
import dev.dragoman.models.generate.Generated;
import dev.dragoman.models.generate.Generation;
import dev.dragoman.models.generate.GeneratorOptions;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.TextListener;
import dev.dragoman.models.generate.constrain.Constraint;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.template.ChatInput;
import dev.dragoman.models.template.ChatMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Goes on with lines. */
@Command(
    name = "generate",
    description = {
      "Print what a language model says after each line.",
      "Lines are generated together, and printed in their order."
    },
    footer = {
      "",
      "Examples:",
      "  echo 'The capital of France is' | dragoman model generate --model smollm2-135m-instruct"
          + " --max-tokens 8",
      "  echo 'Write one sentence about parcels.' | dragoman model generate --model"
          + " smollm2-135m-instruct --chat --temperature 0.7 --top-p 0.9 --seed 1",
      "  echo 'A parcel from Delft weighs 3 kg. As JSON:' | dragoman model generate --model"
          + " smollm2-135m-instruct --json-schema parcel.schema.json"
    })
final class GenerateCommand implements Callable<Integer> {
  /** Lines that are read ahead, so that the model always has something to do. */
  private static final int AHEAD = 32;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelCommand.LineOptions options = new ModelCommand.LineOptions();

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "At most so many tokens. Default: 256.")
  private int maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 takes the most probable token each time; 1 draws. Default: 0.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      defaultValue = "0",
      description = "Draw from the N most probable tokens; 0 from all. Default: 0.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description = "Draw from the fewest tokens that together are this probable. Default: 1.")
  private double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      defaultValue = "0",
      description = "Draw from tokens at least this probable beside the most probable. Default: 0.")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      defaultValue = "1",
      description = "Above 1, tokens that are there already become less probable. Default: 1.")
  private double repetitionPenalty;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the draws; the same seed gives the same text. Default: 0.")
  private long seed;

  @Option(
      names = "--stop",
      paramLabel = "S",
      description = "End before this text. May be given more than once.")
  private List<String> stop = new ArrayList<>();

  @Option(names = "--chat", description = "Take a line for what a user says to an assistant.")
  private boolean chat;

  @Option(
      names = "--json-schema",
      paramLabel = "FILE",
      description = "Generate only JSON that is valid against this schema.")
  private String schema = "";

  @Option(
      names = "--regex",
      paramLabel = "R",
      description = "Generate only text that this regular expression matches as a whole.")
  private String regex = "";

  @Option(
      names = "--drafts",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Guess up to N tokens ahead from the text so far; the result is the same. Default: 0.")
  private int drafts;

  @Option(
      names = "--num-beams",
      paramLabel = "N",
      description =
          "Follow N texts at once and print the likeliest (beam search). Default: 1, or what the"
              + " files of a model that reads one text and writes another say.")
  private int beams;

  @Option(
      names = "--kv-cache",
      paramLabel = "TYPE",
      defaultValue = "f32",
      description =
          "How keys and values are held: f32, or int8 in about a quarter of the memory."
              + " Default: f32.")
  private CacheType cache = CacheType.F32;

  @Option(
      names = "--adapter",
      paramLabel = "FOLDER",
      description = "Add this LoRA adapter, in peft's layout, to the model.")
  private String adapter = "";

  record Line(
      String text,
      int[] ids,
      String finish,
      int promptTokens,
      int reusedTokens,
      double prefillSeconds,
      double decodeSeconds) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    GenerateOptions wanted = wanted();
    Path path = options.folder(common);
    if (TextToText.isOne(path)) {
      return rewrite(path);
    }
    try (TextGenerator model = TextGenerator.open(path, sharing());
        BufferedReader lines = options.lines()) {
      if (!adapter.isEmpty()) {
        model.addAdapter(adapter, Path.of(adapter));
      }
      if (beams > 1) {
        return search(model, lines);
      }
      Deque<Generation> ahead = new ArrayDeque<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ahead.add(model.start(prompt(model, line), wanted, TextListener.NONE));
        if (ahead.size() == AHEAD) {
          print(ahead.remove().get());
        }
      }
      while (!ahead.isEmpty()) {
        print(ahead.remove().get());
      }
    }
    return ExitCode.DONE;
  }

  private GeneratorOptions sharing() {
    return GeneratorOptions.defaults().withCache(cache);
  }

  /** Beam search over what follows each line. */
  private int search(TextGenerator model, BufferedReader lines) throws IOException {
    refuseDraws();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int[] prompt = prompt(model, line);
      long started = System.nanoTime();
      Hypothesis best = model.search(prompt, beams, maxTokens).getFirst();
      print(
          model.tokenizer().decode(best.tokens(), true),
          best.tokens(),
          best.finished(),
          prompt.length,
          started);
    }
    return ExitCode.DONE;
  }

  /** A model that reads each line and writes another text. */
  private int rewrite(Path path) throws IOException {
    refuseDraws();
    try (TextToText model = TextToText.open(path, Runtime.getRuntime().availableProcessors());
        BufferedReader lines = options.lines()) {
      WriteOptions own = model.options("");
      SearchOptions search = own.search().withTokens(own.search().minTokens(), maxTokens);
      WriteOptions wanted = own.withSearch(beams > 0 ? search.withBeams(beams, 1) : search);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long started = System.nanoTime();
        TextToText.Written written = model.write(line, wanted);
        print(
            written.text(),
            written.ids().stream().mapToInt(Integer::intValue).toArray(),
            written.finished(),
            written.sourceTokens(),
            started);
      }
    }
    return ExitCode.DONE;
  }

  private void refuseDraws() {
    if (temperature != 0 || !schema.isEmpty() || !regex.isEmpty() || !stop.isEmpty() || chat) {
      throw new UserException(
          "--num-beams, and models that read one text and write another, go without --temperature,"
              + " --json-schema, --regex, --stop and --chat");
    }
  }

  private static void print(
      String text, int[] ids, boolean finished, int promptTokens, long started) {
    double seconds = (System.nanoTime() - started) / 1e9;
    CommonOptions.printJson(
        System.out, new Line(text, ids, finished ? "end" : "length", promptTokens, 0, 0, seconds));
  }

  private int[] prompt(TextGenerator model, String line) {
    if (!chat) {
      return model.tokens(line, false);
    }
    ChatInput input = ChatInput.of(List.of(ChatMessage.user(line))).withNow(LocalDateTime.now());
    return model.tokens(model.chat(input), true);
  }

  private GenerateOptions wanted() throws IOException {
    if (!schema.isEmpty() && !regex.isEmpty()) {
      throw new UserException("--json-schema and --regex exclude each other");
    }
    try {
      GenerateOptions wanted =
          GenerateOptions.greedy()
              .with(o ->
                  o.maxTokens(maxTokens)
                      .temperature(temperature)
                      .topK(topK)
                      .topP(topP)
                      .minP(minP)
                      .repetitionPenalty(repetitionPenalty)
                      .seed(seed)
                      .stop(stop)
                      .drafts(drafts));
      if (!adapter.isEmpty()) {
        wanted = wanted.with(o -> o.adapter(adapter));
      }
      if (!regex.isEmpty()) {
        return wanted.with(o -> o.constraint(Constraint.regex(regex)));
      }
      if (schema.isEmpty()) {
        return wanted;
      }
      Constraint constraint = constraint();
      return wanted.with(o -> o.constraint(constraint));
    } catch (IllegalArgumentException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  private Constraint constraint() throws IOException {
    Path file = Path.of(schema);
    if (!Files.isReadable(file)) {
      throw new UserException("there is no readable file '" + schema + "'");
    }
    try {
      return Constraint.jsonSchema(CommonOptions.mapper().readTree(Files.readString(file)));
    } catch (JsonProcessingException e) {
      throw new UserException(schema + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void print(Generated generated) {
    CommonOptions.printJson(
        System.out,
        new Line(
            generated.text(),
            generated.ids(),
            generated.finish().name().toLowerCase(Locale.ROOT),
            generated.promptTokens(),
            generated.reusedTokens(),
            generated.prefillSeconds(),
            generated.decodeSeconds()));
  }
}
