package dev.dragoman.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.operators.GuardedOperator;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Applies one operator to one input. */
@Command(
    name = "try",
    description = {
      "Apply one operator to one input and print the result as JSON, a line a document.",
      "What the operator needs done first (reading a file, cutting it into chunks) is done with "
          + "default settings."
    },
    footer = {
      "",
      "Examples:",
      "  echo 'Bel me op 06-12345678' | dragoman try MaskPii",
      "  dragoman try Ocr --config '{\"languages\": [\"eng\"]}' scan.png",
      "  dragoman try Summarize --config '{\"max_sentences\": 2}' report.pdf"
    })
final class TryCommand implements Callable<Integer> {
  /** What has to run before an operator has something to work on. */
  private static final Map<String, List<String>> BEFORE =
      Map.of("Embed", List.of("Chunk"), "Translate", List.of("DetectLanguage"));

  /** Operators that take a file as it was found. */
  private static final Set<String> READERS = Set.of("ExtractText");

  /** Operators that want the pictures and sounds of an opened file, and no text of theirs yet. */
  private static final Set<String> LISTENERS = Set.of("AskPicture", "Caption", "Ocr", "Transcribe");

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "OPERATOR", description = "A name from operator list.")
  private String operator = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "A file, or - for text from standard input (default).")
  private String input = "-";

  @Option(
      names = "--config",
      paramLabel = "JSON",
      defaultValue = "{}",
      description = "The operator's parameters, as in a recipe.")
  private String config = "{}";

  @Override
  public Integer call() throws IOException {
    Class<? extends OperatorConfig> type = OperatorCommand.find(operator);
    OperatorConfig wanted = Configs.configure(type, parse(config));
    Models.ensure(wanted.models(), common);
    List<Outcome> outcomes = List.of(new Outcome.Enriched(document()));
    for (OperatorConfig step : steps(wanted)) {
      Models.ensure(step.models(), common);
      outcomes = apply(step, outcomes);
    }
    for (Outcome outcome : outcomes) {
      ObjectNode json =
          switch (outcome) {
            case Outcome.Enriched(Document document) -> DocumentJson.of(document);
            case Outcome.Failed(var rejected) -> DocumentJson.of(rejected);
            case Outcome.Expanded _ -> throw new AssertionError("outcomes are flat here");
          };
      CommonOptions.printJson(System.out, json);
    }
    return failed(outcomes) ? ExitCode.FAILED : ExitCode.DONE;
  }

  /** Tells of failures that are not the input's fault; whether there were any. */
  private static boolean failed(List<Outcome> outcomes) {
    boolean any = false;
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Failed(Rejected(_, Failure failure))
          && failure.code().category() == RejectionCode.Category.INTERNAL) {
        System.err.println("dragoman: failed: " + failure.message());
        any = true;
      }
    }
    return any;
  }

  private static JsonNode parse(String json) {
    try {
      JsonNode node = CommonOptions.mapper().readTree(json);
      return node.isMissingNode() ? JsonNodeFactory.instance.objectNode() : node;
    } catch (JsonProcessingException e) {
      throw new UserException("--config is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private Document document() throws IOException {
    if (input.equals("-")) {
      if (READERS.contains(operator) || LISTENERS.contains(operator)) {
        byte[] bytes = System.in.readAllBytes();
        return Document.ofFile(
            URI.create("stdin:-"),
            "application/octet-stream",
            bytes.length,
            Sha256.of(bytes),
            new Content.Inline(bytes));
      }
      return Document.ofText(
          URI.create("stdin:-"), "text/plain", new String(System.in.readAllBytes(), UTF_8));
    }
    Path path = Path.of(input);
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new UserException("there is no readable file '" + input + "'");
    }
    try (InputStream in = Files.newInputStream(path)) {
      Sha256 digest = Sha256.of(in);
      URI uri = path.toAbsolutePath().normalize().toUri();
      long size = Files.size(path);
      return Document.ofFile(
          uri, "application/octet-stream", size, digest, new Content.Reference(uri, size, digest));
    }
  }

  private List<OperatorConfig> steps(OperatorConfig wanted) {
    List<String> before = new ArrayList<>();
    boolean text = input.equals("-") && !LISTENERS.contains(operator);
    if (!READERS.contains(operator) && !text) {
      before.add("ExtractText");
      if (!LISTENERS.contains(operator)) {
        before.addAll(List.of("Ocr", "Transcribe"));
      }
    }
    before.addAll(BEFORE.getOrDefault(operator, List.of()));
    List<OperatorConfig> steps = new ArrayList<>();
    before.forEach(name -> steps.add(Configs.defaults(OperatorCommand.find(name))));
    steps.add(wanted);
    return steps;
  }

  private static List<Outcome> apply(OperatorConfig config, List<Outcome> outcomes) {
    List<Document> documents = new ArrayList<>();
    List<Outcome> results = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Enriched(Document document)) {
        documents.add(document);
      } else {
        results.add(outcome);
      }
    }
    if (!documents.isEmpty()) {
      try (Operator operator =
          new GuardedOperator(config.open(OperatorContext.local()), config.info().name())) {
        operator.apply(documents).forEach(outcome -> flatten(outcome, results));
      }
    }
    return results;
  }

  private static void flatten(Outcome outcome, List<Outcome> into) {
    if (outcome instanceof Outcome.Expanded(List<Outcome> inner)) {
      inner.forEach(each -> flatten(each, into));
    } else {
      into.add(outcome);
    }
  }
}
