package dev.dragoman.jobs;

import dev.dragoman.connectors.kafka.DeadLetterTopic;
import dev.dragoman.connectors.rejected.DeadLetters;
import dev.dragoman.connectors.run.RunDirectory;
import dev.dragoman.models.Nearest;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.pipelines.Recipe;
import dev.dragoman.pipelines.RecipeReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Looks at dead letters and runs them again. */
@Command(
    name = "rejected",
    description = "Look at the documents that failed; run them again after a fix.",
    footer = {
      "",
      "Examples:",
      "  dragoman rejected out list",
      "  dragoman rejected out list --code ENCRYPTED",
      "  dragoman rejected out show 3f9a",
      "  dragoman rejected out replay --code MISSING_MODEL",
      "  dragoman rejected kafka://127.0.0.1:9092/letters replay --code BAD_ROW"
    },
    subcommands = {
      RejectedCommand.ListThem.class,
      RejectedCommand.Show.class,
      RejectedCommand.Replay.class
    })
final class RejectedCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "DIR",
      description = "What a run has written; or kafka://HOST:PORT/TOPIC, where letters are.")
  private String place = "";

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list, show or replay");
  }

  /**
   * The folder of a run.
   *
   * @throws UserException if it is a topic, which has no such command
   */
  private Path folder() {
    if (DeadLetterTopic.isAddress(place)) {
      throw new UserException("a topic of dead letters has list and replay; " + place + " is one");
    }
    return Path.of(place);
  }

  private @Nullable DeadLetterTopic topic() {
    return DeadLetterTopic.isAddress(place) ? DeadLetterTopic.of(place, Map.of()) : null;
  }

  private static @Nullable RejectionCode code(String name) {
    if (name.isEmpty()) {
      return null;
    }
    Optional<RejectionCode> code =
        Arrays.stream(RejectionCode.values())
            .filter(each -> each.name().equals(name.toUpperCase(Locale.ROOT)))
            .findFirst();
    return code.orElseThrow(() ->
        new UserException(
            "there is no code '"
                + name
                + "'"
                + Nearest.hint(
                    name, Arrays.stream(RejectionCode.values()).map(Enum::name).toList())));
  }

  /** A line a rejection. */
  @Command(name = "list", description = "A line a rejected document: id, code, source, reason.")
  static final class ListThem implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @ParentCommand private RejectedCommand parent = new RejectedCommand();

    @Option(
        names = "--code",
        paramLabel = "CODE",
        defaultValue = "",
        description = "Only those with this code.")
    private String code = "";

    @Override
    public Integer call() throws IOException {
      RejectionCode only = code(code);
      DeadLetterTopic topic = parent.topic();
      if (topic != null) {
        return list(topic, only);
      }
      int[] shown = {0};
      DeadLetters.open(parent.folder())
          .list(letter -> {
            if (only != null && letter.code() != only) {
              return;
            }
            shown[0]++;
            if (common.json()) {
              record Line(
                  String documentId,
                  String sourceUri,
                  String operator,
                  String code,
                  String message,
                  int attempts) {}
              CommonOptions.printJson(
                  System.out,
                  new Line(
                      letter.documentId().value(),
                      letter.sourceUri(),
                      letter.operator(),
                      letter.code().name(),
                      letter.message(),
                      letter.attempts()));
            } else {
              System.out.printf(
                  "%.8s  %-14s %s%n          %s: %s%n",
                  letter.documentId(),
                  letter.code(),
                  letter.sourceUri(),
                  letter.operator(),
                  letter.message());
            }
          });
      if (shown[0] == 0 && !common.json()) {
        System.out.println(
            only == null ? "nothing was rejected" : "nothing was rejected with the code " + only);
      }
      return ExitCode.DONE;
    }

    private int list(DeadLetterTopic topic, @Nullable RejectionCode only) {
      topic.list(letter -> {
        if (only != null && letter.code() != only) {
          return;
        }
        if (common.json()) {
          CommonOptions.printJson(System.out, letter);
        } else {
          System.out.printf(
              "%d/%d  %-14s %s%n          %s: %s%n",
              letter.partition(),
              letter.offset(),
              letter.code(),
              letter.source(),
              letter.operator(),
              letter.message());
        }
      });
      return ExitCode.DONE;
    }
  }

  /** One rejection, whole. */
  @Command(name = "show", description = "One rejected document, with all that was known of it.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @ParentCommand private RejectedCommand parent = new RejectedCommand();

    @Parameters(paramLabel = "ID", description = "Its id, or enough of its beginning.")
    private String id = "";

    @Override
    public Integer call() throws IOException {
      Rejected rejected = DeadLetters.open(parent.folder()).show(id);
      var json = DocumentJson.of(rejected);
      json.set("document", DocumentJson.of(rejected.document()));
      if (common.json()) {
        CommonOptions.printJson(System.out, json);
      } else {
        System.out.println(json.toPrettyString());
      }
      return ExitCode.DONE;
    }
  }

  /** Runs rejected documents again. */
  @Command(
      name = "replay",
      description = {
        "Run rejected documents again with the run's recipe, or another, into the same folder.",
        "What succeeds becomes rows; what fails again stays rejected with its new reason."
      })
  static final class Replay implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private JobOptions job = new JobOptions();

    @ParentCommand private RejectedCommand parent = new RejectedCommand();

    @Parameters(
        paramLabel = "ID",
        arity = "0..*",
        description = "Only these, by the beginning of their ids.")
    private List<String> ids = new ArrayList<>();

    @Option(
        names = "--code",
        paramLabel = "CODE",
        defaultValue = "",
        description = "Only those with this code.")
    private String code = "";

    @Option(
        names = "--recipe",
        paramLabel = "FILE|NAME",
        defaultValue = "",
        description = "Another recipe than the run's.")
    private String recipe = "";

    @Override
    public Integer call() throws Exception {
      job.check();
      RejectionCode only = code(code);
      DeadLetterTopic topic = parent.topic();
      if (topic != null) {
        return sendBack(topic, only);
      }
      List<Document> documents = new ArrayList<>();
      DeadLetters.open(parent.folder())
          .payloads(
              letter ->
                  (only == null || letter.code() == only)
                      && (ids.isEmpty()
                          || ids.stream().anyMatch(letter.documentId().value()::startsWith)),
              rejected -> documents.add(rejected.document().asFound()));
      if (documents.isEmpty()) {
        System.out.println("nothing to run again");
        return ExitCode.DONE;
      }
      String name =
          recipe.isEmpty() ? RunDirectory.open(parent.folder()).report().recipe().name() : recipe;
      Recipe read =
          RecipeReader.open(
              name,
              new RecipeReader.Ends(List.of("replay"), parent.folder().toString()),
              job.overrides());
      return new EnrichmentJob(read, job, common).replay(documents);
    }

    /** The stream that rejected them takes them from their topics again. */
    private int sendBack(DeadLetterTopic topic, @Nullable RejectionCode only) {
      if (!ids.isEmpty() || !recipe.isEmpty()) {
        throw new UserException(
            "letters of a topic are sent back to the stream: --code chooses them, ids and --recipe"
                + " do not");
      }
      DeadLetterTopic.Replayed replayed = topic.replay(only == null ? List.of() : List.of(only));
      if (common.json()) {
        CommonOptions.printJson(System.out, replayed);
        return ExitCode.DONE;
      }
      replayed
          .sent()
          .forEach((name, count) -> System.out.println("sent " + count + " back to " + name));
      replayed
          .kept()
          .forEach((reason, count) -> System.out.println("left " + count + ": " + reason));
      if (replayed.sent().isEmpty() && replayed.kept().isEmpty()) {
        System.out.println("nothing to send back");
      }
      return ExitCode.DONE;
    }
  }
}
