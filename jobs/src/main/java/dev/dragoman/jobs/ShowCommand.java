package dev.dragoman.jobs;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.ModelFacts;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.models.catalog.ModelFile;
import dev.dragoman.models.catalog.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what is known of one model. */
@Command(
    name = "show",
    description = {
      "Tell what is known of one model: its licence, where it comes from, its files.",
      "Of a model that is here, or a path, also what its files say: format, architecture, how its"
          + " weights are stored, SHA-256."
    },
    footer = {
      "",
      "Examples:",
      "  dragoman model show firefox-pt-en",
      "  dragoman model show opus-mt-nl-en/ --tensors"
    })
final class ShowCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "M", description = "A name from model list, a folder or a file.")
  private String name = "";

  @Option(names = "--tensors", description = "Name each tensor with its type and shape.")
  private boolean tensors;

  record FileLine(String path, long bytes) {}

  record Shown(
      String name,
      String task,
      String summary,
      List<String> languages,
      List<String> operators,
      String licence,
      String licenceUrl,
      boolean installed,
      String folder,
      Set<String> sources,
      String commit,
      List<FileLine> files,
      @Nullable ModelFacts facts) {}

  @Override
  public Integer call() {
    Path path = Path.of(name);
    if (Files.exists(path) && ModelStore.atDefaultHome().catalog().find(name).isEmpty()) {
      ModelFacts facts = facts(path);
      if (common.json()) {
        CommonOptions.printJson(System.out, facts);
      } else {
        System.out.println(name);
        print(facts);
      }
      return ExitCode.DONE;
    }
    Shown shown = shown();
    if (common.json()) {
      CommonOptions.printJson(System.out, shown);
    } else {
      print(shown);
    }
    return ExitCode.DONE;
  }

  private Shown shown() {
    ModelStore store = ModelStore.atDefaultHome();
    Models.entry(store, name);
    CatalogEntry entry = store.entry(name);
    boolean installed = store.installed(name);
    return new Shown(
        entry.name(),
        entry.task().label(),
        entry.summary(),
        entry.languages(),
        entry.operators(),
        entry.licence().id(),
        entry.licence().url(),
        installed,
        installed ? store.require(name).toString() : "",
        entry.places(),
        store.commit(name).orElse(""),
        entry.files().stream().map(ShowCommand::line).toList(),
        installed ? factsIfAny(store.require(name)) : null);
  }

  private static FileLine line(ModelFile file) {
    return new FileLine(file.path(), file.size());
  }

  private static ModelFacts facts(Path path) {
    try {
      return ModelFacts.of(path);
    } catch (ModelException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Models of other programs, such as Vosk and Tesseract, have no weights that are read here. */
  private static @Nullable ModelFacts factsIfAny(Path path) {
    try {
      return ModelFacts.of(path);
    } catch (ModelException e) {
      return null;
    }
  }

  private void print(Shown shown) {
    System.out.println(shown.name() + ": " + shown.summary());
    System.out.println("  task       " + shown.task());
    System.out.println("  languages  " + String.join(", ", shown.languages()));
    System.out.println(
        "  used by    "
            + (shown.operators().isEmpty()
                ? "no step of a recipe in this version"
                : String.join(", ", shown.operators())));
    System.out.println("  licence    " + shown.licence() + ", " + shown.licenceUrl());
    System.out.println(
        "  installed  "
            + (shown.installed() ? shown.folder() : "no; dragoman model pull " + shown.name()));
    System.out.println("  from       " + String.join("\n             ", shown.sources()));
    if (!shown.commit().isEmpty()) {
      System.out.println("  commit     " + shown.commit() + ", pinned when it was pulled");
    } else if (shown.files().isEmpty()) {
      System.out.println("  files      of the newest commit, pinned when it is pulled");
    }
    shown
        .files()
        .forEach(file ->
            System.out.printf("  file       %-40s %10s%n", file.path(), Models.size(file.bytes())));
    ModelFacts facts = shown.facts();
    if (facts != null) {
      print(facts);
    }
  }

  private void print(ModelFacts facts) {
    System.out.println("  format     " + facts.format());
    if (!facts.architecture().isEmpty()) {
      System.out.println("  model      " + facts.architecture());
    }
    System.out.printf(
        Locale.ROOT,
        "  weights    %,d numbers in %d tensors%n",
        facts.numbers(),
        facts.tensors().size());
    facts
        .types()
        .forEach((type, count) ->
            System.out.printf(Locale.ROOT, "  stored as  %-14s %,d%n", type, count));
    System.out.println(
        "  licence    " + (facts.licence().isEmpty() ? "not named by its files" : facts.licence()));
    facts
        .settings()
        .forEach((key, value) -> System.out.printf("  setting    %s: %s%n", key, value));
    facts
        .files()
        .forEach(file ->
            System.out.printf(
                "  sha256     %s  %s, %s%n",
                file.sha256(), file.path(), Models.size(file.bytes())));
    if (tensors) {
      facts
          .tensors()
          .forEach(tensor ->
              System.out.printf(
                  "  tensor     %-60s %-10s %s%n",
                  tensor.name(), tensor.type(), tensor.dimensions()));
    }
  }
}
