package dev.dragoman.models;

import dev.dragoman.models.architecture.MarianStudent;
import dev.dragoman.models.architecture.StudentSession;
import dev.dragoman.models.format.LexicalShortlist;
import dev.dragoman.models.format.MarianSettings;
import dev.dragoman.models.generate.StudentSearch;
import dev.dragoman.models.generate.StudentSearch.Found;
import dev.dragoman.models.generate.Terms;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.tokenizer.PipelineTokenizer;
import dev.dragoman.models.tokenizer.SentencePieceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Translates with a student of Marian as Firefox ships it. Sources go through it in batches of
 * about the same length, a batch to a thread.
 */
final class FirefoxTranslator implements Translator {
  /** Sentences that are decoded together: enough for the products to be as fast as they get. */
  private static final int ROWS = 96;

  private final MarianFolder files;
  private final PipelineTokenizer source;
  private final PipelineTokenizer target;
  private final int end;
  private final int unknown;
  private final Sessions<StudentSearch> searches;
  private final Team team;
  private final int threads;

  private record Input(int index, int[] ids, int[] starts, int[] ends, Terms terms) {}

  private FirefoxTranslator(
      MarianFolder files,
      PipelineTokenizer source,
      PipelineTokenizer target,
      Sessions<StudentSearch> searches,
      int threads) {
    this.files = files;
    this.source = source;
    this.target = target;
    this.end =
        target
            .special(SpecialToken.EOS)
            .orElseThrow(
                () -> new ModelException(files.targetPieces() + " has no end of sentence"));
    this.unknown = target.special(SpecialToken.UNK).orElse(-1);
    this.searches = searches;
    this.team = new Team(threads);
    this.threads = threads;
  }

  static FirefoxTranslator open(MarianFolder files, int threads) {
    return Models.open(
        files.model(),
        weights -> {
          Kernels kernels = Models.kernels();
          MarianStudent model =
              MarianStudent.of(
                  weights
                      .marian()
                      .orElseThrow(
                          () -> new ModelException(files.model() + " is no model of Marian")),
                  weights,
                  kernels);
          boolean shared = files.sourcePieces().equals(files.targetPieces());
          PipelineTokenizer source = SentencePieceFile.open(files.sourcePieces());
          PipelineTokenizer target = shared ? source : SentencePieceFile.open(files.targetPieces());
          fit(files.sourcePieces(), source, model.sources());
          fit(files.targetPieces(), target, model.targets());
          Optional<LexicalShortlist> shortlist =
              files
                  .shortlist()
                  .map(file -> LexicalShortlist.read(file, model.sources(), model.targets()));
          return new FirefoxTranslator(
              files,
              source,
              target,
              new Sessions<>(() -> new StudentSearch(model, kernels, shortlist, shared), weights),
              threads);
        });
  }

  private static void fit(Path file, PipelineTokenizer pieces, int words) {
    if (pieces.vocabularySize() > words) {
      throw new ModelException(
          "%s has %d pieces, but the model only knows %d"
              .formatted(file, pieces.vocabularySize(), words));
    }
  }

  @Override
  public Set<String> sources() {
    return files.languages().map(Languages::source).map(Set::of).orElse(Set.of());
  }

  @Override
  public Set<String> targets() {
    return files.languages().map(Languages::target).map(Set::of).orElse(Set.of());
  }

  /** What a model translates from and to. */
  record Languages(String source, String target) {}

  @Override
  public int maxTokens() {
    return StudentSession.LONGEST;
  }

  @Override
  public int tokens(String text) {
    return source.count(text) + 1;
  }

  @Override
  public List<List<Translation>> translate(List<Source> sources, TranslateOptions options) {
    check(options);
    Input[] inputs = new Input[sources.size()];
    team.each(inputs.length, i -> inputs[i] = input(i, sources.get(i)));
    List<Input> sorted =
        Arrays.stream(inputs)
            .filter(input -> input.ids.length > 1)
            .sorted(Comparator.comparingInt((Input input) -> -input.ids.length))
            .toList();
    List<List<Input>> batches = batches(sorted, options.batchTokens());
    List<List<Translation>> translations = new ArrayList<>();
    for (Input input : inputs) {
      translations.add(List.of(new Translation("", 0, input.ids.length, 1, List.of(), true)));
    }
    StudentSearch.Settings settings = settings(options);
    team.each(
        batches.size(),
        i ->
            searches.with(search -> {
              run(search, batches.get(i), settings, options, translations);
              return search;
            }));
    return translations;
  }

  private void check(TranslateOptions options) {
    files
        .languages()
        .ifPresent(languages -> {
          refuse(options.from(), languages.source(), "from");
          refuse(options.to(), languages.target(), "to");
        });
  }

  private void refuse(String asked, String known, String direction) {
    if (!asked.isEmpty() && !asked.equals(known)) {
      throw new ModelException(
          "%s translates %s %s, not %s".formatted(files.model(), direction, known, asked));
    }
  }

  private StudentSearch.Settings settings(TranslateOptions options) {
    MarianSettings use = files.settings();
    double penalty =
        Double.isNaN(options.lengthPenalty())
            ? use.number("normalize", 1)
            : options.lengthPenalty();
    int own = (int) use.number("beam-size", 1);
    if (own < 1) {
      throw use.wrong("beam-size", "a whole number of at least 1");
    }
    return new StudentSearch.Settings(
        end,
        unknown,
        options.beams() == 0 ? Math.max(own, options.best()) : options.beams(),
        penalty,
        use.number("max-length-factor", 3),
        options.maxTokens(),
        options.aligned());
  }

  private Input input(int index, Source from) {
    String text = from.text();
    Tokenizer.Tokens tokens = source.encode(text.isBlank() ? "" : text, StudentSession.LONGEST - 1);
    int[] ids = Arrays.copyOf(tokens.ids(), tokens.size() + 1);
    ids[tokens.size()] = end;
    return new Input(index, ids, tokens.starts(), tokens.ends(), terms(from.terms()));
  }

  /** Terms that cannot be written with the model's pieces are left out. */
  private Terms terms(List<Term> wanted) {
    List<List<int[]>> terms =
        wanted.stream()
            .map(term ->
                term.forms().stream()
                    .map(form -> target.encode(form).ids())
                    .filter(ids -> ids.length > 0)
                    .filter(ids -> Arrays.stream(ids).noneMatch(id -> id == unknown))
                    .toList())
            .filter(forms -> !forms.isEmpty())
            .toList();
    return terms.isEmpty() ? Terms.NONE : new Terms(terms);
  }

  /** Neighbours in length together, no more than so many tokens of sources. */
  private List<List<Input>> batches(List<Input> sorted, int batchTokens) {
    long tokens = sorted.stream().mapToLong(input -> input.ids.length).sum();
    int share = Math.max(1, Math.ceilDiv(sorted.size(), threads));
    long most = Math.min(batchTokens, Math.ceilDiv(tokens, threads));
    List<List<Input>> batches = new ArrayList<>();
    List<Input> batch = new ArrayList<>();
    long have = 0;
    for (Input input : sorted) {
      if (!batch.isEmpty()
          && (have + input.ids.length > most || batch.size() >= Math.min(ROWS, share))) {
        batches.add(batch);
        batch = new ArrayList<>();
        have = 0;
      }
      batch.add(input);
      have += input.ids.length;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private void run(
      StudentSearch search,
      List<Input> batch,
      StudentSearch.Settings settings,
      TranslateOptions options,
      List<List<Translation>> translations) {
    int[] starts = new int[batch.size() + 1];
    for (int i = 0; i < batch.size(); i++) {
      starts[i + 1] = starts[i] + batch.get(i).ids.length;
    }
    int[] ids = new int[starts[batch.size()]];
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(batch.get(i).ids, 0, ids, starts[i], batch.get(i).ids.length);
    }
    List<List<Found>> found =
        search.run(ids, starts, batch.stream().map(Input::terms).toList(), settings);
    for (int i = 0; i < batch.size(); i++) {
      Input input = batch.get(i);
      translations.set(
          input.index,
          found.get(i).stream()
              .limit(options.best())
              .map(each -> translation(input, each, options.aligned()))
              .toList());
    }
  }

  private Translation translation(Input input, Found found, boolean aligned) {
    int[] words = found.words();
    TokenStream stream = target.stream(true);
    StringBuilder text = new StringBuilder();
    List<Translation.Piece> pieces = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < words.length; i++) {
      int start = text.length();
      if (words[i] != end) {
        text.append(stream.next(words[i]));
      }
      if (i == words.length - 1) {
        text.append(stream.finish());
      }
      sum += found.logProbabilities()[i];
      if (aligned && text.length() > start) {
        int from = Math.min(found.looked()[i], input.starts.length - 1);
        pieces.add(
            new Translation.Piece(
                start,
                text.length(),
                input.starts[from],
                input.ends[from],
                found.logProbabilities()[i]));
      }
    }
    return new Translation(
        text.toString(),
        sum / words.length,
        input.ids.length,
        words.length,
        List.copyOf(pieces),
        found.finished());
  }

  @Override
  public void close() {
    team.close();
    searches.close();
  }
}
