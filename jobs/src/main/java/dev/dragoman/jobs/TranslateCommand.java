package dev.dragoman.jobs;

import dev.dragoman.models.LanguageModelOptions;
import dev.dragoman.models.PromptedTranslator;
import dev.dragoman.models.TextGenerator;
import dev.dragoman.models.TextToText;
import dev.dragoman.models.TranslateOptions;
import dev.dragoman.models.Translation;
import dev.dragoman.models.Translator;
import dev.dragoman.models.WriteOptions;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.translate.Glossary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Translates lines. */
@Command(
    name = "translate",
    description = {
      "Print the translation of each line, best a sentence each.",
      "What comes out is the model's own: dragoman try Translate takes care of markup and names."
    },
    footer = {
      "",
      "Examples:",
      "  echo 'Onde está a minha encomenda?' | dragoman model translate --model firefox-pt-en",
      "  echo 'Waar blijft mijn borg?' | dragoman model translate --model gemma-3-270m --from nl --to"
          + " en --glossary terms.csv"
    })
final class TranslateCommand implements Callable<Integer> {
  /** Lines that are translated together. */
  private static final int LINES = 256;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelCommand.LineOptions options = new ModelCommand.LineOptions();

  @Option(
      names = "--from",
      paramLabel = "CODE",
      description = "The language of the lines; not needed where the model knows one pair.")
  private String from = "";

  @Option(names = "--to", paramLabel = "CODE", description = "The language wanted.")
  private String to = "";

  @Option(
      names = "--glossary",
      paramLabel = "FILE",
      description =
          "CSV with source, target, languages (nl-en), forms (other forms of the target, | between),"
              + " case (exact): terms that a translation must have.")
  private String glossary = "";

  @Option(
      names = "--num-beams",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Follow N translations at once; 1 takes the best token each time. Default: as the model"
              + " says.")
  private int beams;

  record Line(String text, double score, int sourceTokens, int targetTokens) {}

  @Override
  public Integer call() throws IOException {
    if (beams < 0) {
      throw new UserException("--num-beams must be 0 or more, not " + beams);
    }
    Glossary terms = terms();
    Path path = options.folder(common);
    int threads = LanguageModelOptions.defaults().threads();
    if (!Translator.isOne(path) && TextToText.isOne(path)) {
      try (TextToText model = TextToText.open(path, threads)) {
        run(lines -> written(model, lines));
      }
      return ExitCode.DONE;
    }
    try (Translator model =
        Translator.isOne(path)
            ? Translator.open(path, threads)
            : PromptedTranslator.over(TextGenerator.open(path))) {
      if (model instanceof PromptedTranslator && (from.isEmpty() || to.isEmpty())) {
        throw new UserException(
            "a language model has to be told both languages: --from and --to, of "
                + String.join(", ", PromptedTranslator.languages()));
      }
      TranslateOptions how = TranslateOptions.of(from, to).withBeams(beams);
      run(lines -> {
        List<Translator.Source> sources =
            lines.stream()
                .map(line ->
                    new Translator.Source(
                        line,
                        terms.find(line, from, to).stream().map(Glossary.Found::term).toList()))
                .toList();
        return model.translate(sources, how).stream()
            .map(List::getFirst)
            .map(TranslateCommand::line)
            .toList();
      });
    }
    return ExitCode.DONE;
  }

  private Glossary terms() {
    if (glossary.isEmpty()) {
      return Glossary.EMPTY;
    }
    try {
      return Glossary.read(Path.of(glossary));
    } catch (ConfigException e) {
      throw new UserException("--" + e.getMessage(), e);
    }
  }

  private static Line line(Translation translation) {
    return new Line(
        translation.text(),
        translation.score(),
        translation.sourceTokens(),
        translation.targetTokens());
  }

  /** By a model for any task, such as T5, that knows the pair as one of its own. */
  private List<Line> written(TextToText model, List<String> lines) {
    if (!glossary.isEmpty()) {
      throw new UserException("--glossary needs a model for translation; this one is for any task");
    }
    WriteOptions how =
        model.options(from.isEmpty() || to.isEmpty() ? "" : "translation_" + from + "_to_" + to);
    if (beams > 0) {
      how = how.withSearch(how.search().withBeams(beams, 1));
    }
    return model.write(lines, how).stream()
        .map(List::getFirst)
        .map(best -> new Line(best.text(), best.score(), best.sourceTokens(), best.ids().size()))
        .toList();
  }

  private void run(Function<List<String>, List<Line>> model) throws IOException {
    try (BufferedReader lines = options.lines()) {
      List<String> batch = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        batch.add(line);
        if (batch.size() == LINES) {
          model.apply(batch).forEach(result -> CommonOptions.printJson(System.out, result));
          batch.clear();
        }
      }
      if (!batch.isEmpty()) {
        model.apply(batch).forEach(result -> CommonOptions.printJson(System.out, result));
      }
    }
  }
}
