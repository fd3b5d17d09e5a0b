package dev.dragoman.jobs;

import dev.dragoman.models.ClassifyOptions;
import dev.dragoman.models.PictureEmbedder;
import dev.dragoman.models.Scored;
import dev.dragoman.models.TextClassifier;
import dev.dragoman.models.TokenClassifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Classifies lines, or pictures. */
@Command(
    name = "classify",
    description = {
      "Print the labels of each line with their scores, best first.",
      "A model that labels tokens prints the entities it finds instead (offsets in code points).",
      "A model for pictures and texts (CLIP, SigLIP) says how well your own labels fit pictures: a"
          + " line is the path of one."
    },
    footer = {
      "",
      "Examples:",
      "  echo 'I love it' | dragoman model classify --model distilbert-sst2/",
      "  echo 'where is my parcel?' | dragoman model classify --model mdeberta-mnli/ --labels"
          + " billing,delivery",
      "  dragoman model classify --model clip/ --labels cat,dog --template 'a photo of a {}' --image"
          + " pet.jpg"
    })
final class ClassifyCommand implements Callable<Integer> {
  /** Lines that are classified together. */
  private static final int LINES = 64;

  private static final String PLACE = "{}";

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelCommand.LineOptions options = new ModelCommand.LineOptions();
  @Mixin private PictureInput pictures = new PictureInput();

  @Option(
      names = "--labels",
      split = ",",
      paramLabel = "A,B,C",
      description =
          "Your own labels, for a model trained on natural language inference or one for pictures.")
  private List<String> labels = new ArrayList<>();

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      defaultValue = PLACE,
      description =
          "What a picture is compared with: a text with {} where the label goes (default {}).")
  private String template = PLACE;

  record Label(String name, double score) {}

  record Labelled(List<Label> labels) {}

  record Entity(String label, double score, int start, int end, String text) {}

  record Found(List<Entity> entities) {}

  @Override
  public Integer call() throws IOException {
    Path folder = options.folder(common);
    ClassifyOptions how =
        ClassifyOptions.defaults().withThreads(Runtime.getRuntime().availableProcessors());
    if (PictureEmbedder.isOne(folder)) {
      label(folder);
      return ExitCode.DONE;
    }
    if (pictures.given() || !template.equals(PLACE)) {
      throw new UserException(
          (pictures.given() ? "--image" : "--template")
              + " is for models that compare pictures with texts, such as CLIP and SigLIP; this one"
              + " classifies texts");
    }
    if (TokenClassifier.isOne(folder)) {
      if (!labels.isEmpty()) {
        throw new UserException("--labels is for models that classify texts; this one has its own");
      }
      try (TokenClassifier model = TokenClassifier.open(folder, how)) {
        run(lines -> entities(lines, model.entities(lines)));
      }
    } else {
      try (TextClassifier model = TextClassifier.open(folder, how)) {
        run(lines ->
            labelled(
                labels.isEmpty()
                    ? model.classify(lines.stream().map(TextClassifier.Input::of).toList())
                    : model.classify(lines, labels, false)));
      }
    }
    return ExitCode.DONE;
  }

  private void label(Path folder) throws IOException {
    if (labels.isEmpty()) {
      throw new UserException(
          "this model has no labels of its own; give yours, such as --labels cat,dog");
    }
    if (!template.contains(PLACE)) {
      throw new UserException("--template must have {} where the label goes");
    }
    Map<String, String> names = new LinkedHashMap<>();
    labels.forEach(label -> names.putIfAbsent(template.replace(PLACE, label), label));
    List<String> texts = List.copyOf(names.keySet());
    try (PictureEmbedder model =
        PictureEmbedder.open(folder, Runtime.getRuntime().availableProcessors())) {
      pictures.read(
          options,
          batch ->
              labelled(model.label(batch, texts)).stream()
                  .map(found -> named(found, names))
                  .forEach(found -> CommonOptions.printJson(System.out, found)));
    }
  }

  /** With the labels as they were given in place of the texts that were compared. */
  private static Labelled named(Labelled found, Map<String, String> names) {
    return new Labelled(
        found.labels().stream()
            .map(label -> new Label(names.getOrDefault(label.name(), label.name()), label.score()))
            .toList());
  }

  private void run(Function<List<String>, List<?>> model) throws IOException {
    try (BufferedReader lines = options.lines()) {
      List<String> batch = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        batch.add(line);
        if (batch.size() == LINES) {
          model.apply(batch).forEach(result -> CommonOptions.printJson(System.out, result));
          batch.clear();
        }
      }
      model.apply(batch).forEach(result -> CommonOptions.printJson(System.out, result));
    }
  }

  private static List<Labelled> labelled(List<List<Scored>> results) {
    return results.stream()
        .map(scores ->
            new Labelled(scores.stream().map(s -> new Label(s.label(), s.score())).toList()))
        .toList();
  }

  private static List<Found> entities(
      List<String> lines, List<List<TokenClassifier.Span>> results) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      found.add(
          new Found(
              results.get(i).stream()
                  .map(span ->
                      new Entity(
                          span.label(),
                          span.score(),
                          line.codePointCount(0, span.start()),
                          line.codePointCount(0, span.end()),
                          line.substring(span.start(), span.end())))
                  .toList()));
    }
    return found;
  }
}
