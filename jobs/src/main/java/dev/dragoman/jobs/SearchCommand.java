package dev.dragoman.jobs;

import dev.dragoman.connectors.index.SearchIndex;
import dev.dragoman.connectors.run.RunDirectory;
import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.catalog.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Searches what a run has written. */
@Command(
    name = "search",
    description = "Find passages by words, by meaning, or both.",
    footer = {
      "",
      "Examples:",
      "  dragoman search out 'damaged parcel'",
      "  dragoman search out 'wie belt er terug' --mode vector --top 3",
      "  dragoman search out factuur --filter language=nl --filter category=billing"
    })
final class SearchCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "DIR", description = "What a run has written.")
  private Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "QUERY", description = "What to look for.")
  private String query = "";

  @Option(
      names = "--mode",
      paramLabel = "text|vector|hybrid",
      description = "By words, by meaning, or both; hybrid where there are embeddings.")
  private SearchIndex.@Nullable Mode mode;

  @Option(
      names = "--filter",
      paramLabel = "k=v",
      description = "Only passages of documents with this value; may be given several times.")
  private List<String> filters = new ArrayList<>();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many passages (default 10).")
  private int top = 10;

  @Override
  public Integer call() throws IOException {
    RunDirectory run = RunDirectory.open(folder);
    try (SearchIndex index = new SearchIndex(run.index())) {
      SearchIndex.Mode wanted =
          mode != null
              ? mode
              : index.embeddingModel().isPresent()
                  ? SearchIndex.Mode.HYBRID
                  : SearchIndex.Mode.TEXT;
      List<SearchIndex.Hit> hits =
          index.search(
              new SearchIndex.Request(query, wanted, parse(filters), top),
              text -> embed(index.embeddingModel().orElseThrow(), text));
      if (common.json()) {
        hits.forEach(hit -> CommonOptions.printJson(System.out, hit));
      } else {
        print(hits);
      }
    }
    return ExitCode.DONE;
  }

  private float[] embed(String model, String text) {
    Models.ensure(List.of(model), common);
    try (TextEmbedder embedder = TextEmbedder.open(ModelStore.atDefaultHome().require(model))) {
      String prompt =
          embedder.prompt().isEmpty() ? embedder.prompts().getOrDefault("query", "") : "";
      return embedder.embed(List.of(prompt + text))[0];
    }
  }

  private static Map<String, List<String>> parse(List<String> filters) {
    Map<String, List<String>> parsed = new TreeMap<>();
    for (String filter : filters) {
      int equals = filter.indexOf('=');
      if (equals < 1) {
        throw new UserException(
            "--filter wants key=value, for instance language=nl; not '" + filter + "'");
      }
      parsed
          .computeIfAbsent(filter.substring(0, equals), _ -> new ArrayList<>())
          .add(filter.substring(equals + 1));
    }
    return parsed;
  }

  private static void print(List<SearchIndex.Hit> hits) {
    if (hits.isEmpty()) {
      System.out.println("nothing found");
    }
    int rank = 1;
    for (SearchIndex.Hit hit : hits) {
      StringBuilder place = new StringBuilder(hit.sourceUri());
      if (hit.page() > 0) {
        place.append(", page ").append(hit.page());
      }
      if (!Double.isNaN(hit.startSeconds())) {
        place.append(String.format(Locale.ROOT, ", at %.0f s", hit.startSeconds()));
      }
      System.out.printf(Locale.ROOT, "%2d. %s  (%.3f)%n", rank++, place, hit.score());
      if (!hit.title().isEmpty()) {
        System.out.println("    " + hit.title());
      }
      System.out.println(
          "    "
              + hit.snippet()
                  .replace("<b>", ProgressLine.outputOnTerminal() ? "\u001b[1m" : "")
                  .replace("</b>", ProgressLine.outputOnTerminal() ? "\u001b[0m" : "")
                  .replaceAll("\\s+", " ")
                  .strip());
    }
  }
}
