package dev.dragoman.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.models.catalog.FileCheck;
import dev.dragoman.models.catalog.InstalledModel;
import dev.dragoman.models.catalog.ModelStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gets models, and uses one directly. */
@Command(
    name = "model",
    description = "List, get, check and remove models; use one on lines of text.",
    footer = {
      "",
      "Examples:",
      "  dragoman model pull all-minilm-l6-v2",
      "  echo 'where is my parcel?' | dragoman model embed --model all-minilm-l6-v2"
    },
    subcommands = {
      ModelCommand.ListThem.class,
      ShowCommand.class,
      ModelCommand.Pull.class,
      ModelCommand.Verify.class,
      ModelCommand.Remove.class,
      ModelCommand.Tokenize.class,
      ForwardCommand.class,
      EmbedCommand.class,
      ClassifyCommand.class,
      CaptionCommand.class,
      GenerateCommand.class,
      TranscribeCommand.class,
      TranslateCommand.class,
      BenchCommand.class
    })
final class ModelCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** Names the models. */
  @Command(name = "list", description = "The models of the catalog, and your own in the cache.")
  static final class ListThem implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    record Line(
        String name,
        String task,
        String licence,
        long bytes,
        boolean installed,
        boolean pinned,
        String summary) {
      /** How it is here, in a word or two. */
      String state() {
        return installed ? (pinned ? "installed" : "own files") : (pinned ? "" : "not pinned");
      }
    }

    @Override
    public Integer call() {
      List<Line> lines = lines(ModelStore.atDefaultHome());
      if (common.json()) {
        CommonOptions.printJson(System.out, lines);
        return ExitCode.DONE;
      }
      int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(1);
      for (Line line : lines) {
        System.out.printf(
            "%-" + width + "s %-10s %10s  %-12s %-10s %s%n",
            line.name(),
            line.task(),
            line.bytes() == 0 ? "" : Models.size(line.bytes()),
            line.licence(),
            line.state(),
            line.summary());
      }
      if (lines.stream().anyMatch(line -> !line.installed() && !line.pinned())) {
        System.out.println(
            "not pinned: of the model hub; model pull pins its newest commit, model verify then"
                + " compares with that");
      }
      return ExitCode.DONE;
    }

    private static List<Line> lines(ModelStore store) {
      Map<String, InstalledModel> here =
          store.list().stream().collect(Collectors.toMap(InstalledModel::name, model -> model));
      List<Line> lines = new ArrayList<>();
      for (CatalogEntry entry : store.catalog().entries()) {
        InstalledModel found = here.remove(entry.name());
        boolean installed = store.installed(entry.name());
        boolean pinned = entry.pinned() || (found != null && !found.own());
        lines.add(
            new Line(
                entry.name(),
                entry.task().label(),
                entry.licence().id(),
                entry.pinned() || found == null ? entry.size() : found.size(),
                installed,
                pinned,
                entry.summary()));
      }
      here.values().stream()
          .filter(InstalledModel::own)
          .sorted(Comparator.comparing(InstalledModel::name))
          .forEach(
              own -> lines.add(new Line(own.name(), "", "", own.size(), true, false, "your own")));
      return lines;
    }
  }

  /** Gets models. */
  @Command(name = "pull", description = "Get models into the cache; goes on where it broke off.")
  static final class Pull implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "M", arity = "1..*", description = "Names from model list.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() {
      ModelStore store = ModelStore.atDefaultHome();
      names.forEach(name -> Models.entry(store, name));
      for (String name : names) {
        boolean there = store.installed(name);
        if (!there) {
          Models.pull(store, name, common);
        }
        String folder = store.require(name).toString();
        record Pulled(String name, String folder, boolean wasInstalled) {}
        if (common.json()) {
          CommonOptions.printJson(System.out, new Pulled(name, folder, there));
        } else {
          System.out.println(name + (there ? " was installed: " : ": ") + folder);
        }
      }
      return ExitCode.DONE;
    }
  }

  /** Hashes installed models again. */
  @Command(name = "verify", description = "Read installed models again and compare digests.")
  static final class Verify implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "M", arity = "0..*", description = "Names; all installed if none.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() {
      ModelStore store = ModelStore.atDefaultHome();
      List<String> wanted =
          names.isEmpty()
              ? store.list().stream().filter(m -> !m.own()).map(InstalledModel::name).toList()
              : names;
      boolean allGood = true;
      for (String name : wanted) {
        List<FileCheck> bad =
            store.verify(Models.entry(store, name).name()).stream().filter(c -> !c.good()).toList();
        allGood &= bad.isEmpty();
        record Verified(String model, boolean good, List<FileCheck> wrong) {}
        if (common.json()) {
          CommonOptions.printJson(System.out, new Verified(name, bad.isEmpty(), bad));
        } else if (bad.isEmpty()) {
          System.out.println(name + ": good");
        } else {
          bad.forEach(check ->
              System.out.println(
                  name
                      + ": "
                      + check.path()
                      + (check.state() == FileCheck.State.MISSING
                          ? " is missing"
                          : " is not what it should be")));
          System.out.println("  dragoman model remove " + name + " && dragoman model pull " + name);
        }
      }
      return allGood ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  /** Deletes a model. */
  @Command(name = "remove", description = "Delete a model from the cache.")
  static final class Remove implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "M", description = "A name from model list.")
    private String name = "";

    @Override
    public Integer call() {
      if (!ModelStore.atDefaultHome().remove(name)) {
        throw new UserException("model " + name + " is not installed");
      }
      System.out.println(name + ": removed");
      return ExitCode.DONE;
    }
  }

  /** The flags of the verbs that read lines. */
  static final class LineOptions {
    @Option(
        names = "--model",
        required = true,
        paramLabel = "M",
        description =
            "A name from model list, a folder with config.json and weights, or a .gguf file.")
    private String model = "";

    @Option(
        names = "--input",
        paramLabel = "FILE",
        description = "Read lines from here instead of standard input.")
    private String input = "";

    /** The model as it was named. */
    String model() {
      return model;
    }

    /** Whether lines are read from a file. */
    boolean hasInput() {
      return !input.isEmpty();
    }

    /** Where the model is; pulled first if it is in the catalog and not installed. */
    Path folder(CommonOptions common) {
      Models.ensure(List.of(model), common);
      Path path = ModelStore.atDefaultHome().require(model);
      if (Files.isDirectory(path) && !describesItself(path)) {
        throw new UserException(
            path
                + " has no config.json: a model is a folder with config.json, tokenizer.json and"
                + " weights, one of Marian, or a .gguf file");
      }
      return path;
    }

    /** Files of some formats say themselves what model they hold. */
    private static boolean describesItself(Path folder) {
      try (Stream<Path> files = Files.list(folder)) {
        return files
            .map(file -> String.valueOf(file.getFileName()))
            .anyMatch(name -> name.matches("config\\.json|modules\\.json|.*\\.(gguf|bin|npz)"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    BufferedReader lines() throws IOException {
      if (input.isEmpty()) {
        return new BufferedReader(new InputStreamReader(System.in, UTF_8));
      }
      if (!Files.isReadable(Path.of(input))) {
        throw new UserException("there is no readable file '" + input + "'");
      }
      return Files.newBufferedReader(Path.of(input));
    }
  }

  /** Cuts lines into tokens. */
  @Command(
      name = "tokenize",
      description = {
        "Print ids, tokens and offsets (code points) of each line.",
        "The special tokens that the model wants around a text are among them."
      })
  static final class Tokenize implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private LineOptions options = new LineOptions();

    record Line(int[] ids, List<String> tokens, int[][] offsets) {}

    @Override
    public Integer call() throws IOException {
      Tokenizer tokenizer = Tokenizer.open(options.folder(common));
      try (BufferedReader lines = options.lines()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Tokenizer.Tokens tokens = tokenizer.encodeForModel(line, Integer.MAX_VALUE);
          int[][] offsets = new int[tokens.size()][];
          List<String> texts = new ArrayList<>();
          for (int i = 0; i < tokens.size(); i++) {
            int start = line.codePointCount(0, tokens.starts()[i]);
            offsets[i] =
                new int[] {
                  start, start + line.codePointCount(tokens.starts()[i], tokens.ends()[i])
                };
            texts.add(tokenizer.token(tokens.ids()[i]));
          }
          CommonOptions.printJson(System.out, new Line(tokens.ids(), texts, offsets));
        }
      }
      return ExitCode.DONE;
    }
  }
}
