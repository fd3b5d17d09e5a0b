package dev.dragoman.models;

import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.PictureWriter;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.generate.BeamSearch;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.Steering;
import dev.dragoman.models.vision.ImageProcessor;
import dev.dragoman.models.vision.PixelValues;
import dev.dragoman.models.vision.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Describes pictures with a decoder that looks at them: ViT with GPT-2 or TrOCR, and BLIP. */
final class WritingDescriber implements PictureDescriber {
  /** Texts that are followed at once, beams included. */
  private static final int MAX_ROWS = 32;

  private final PictureModels.Opened opened;
  private final PictureWriter model;
  private final ImageProcessor processor;
  private final Tokenizer tokenizer;
  private final Beginning beginning;
  private final SearchOptions own;
  private final Sessions<Session> sessions;
  private final Team team;

  /**
   * How a text begins.
   *
   * @param start the first token
   * @param enclosed whether the tokenizer puts tokens around a prompt that take no part in it
   */
  private record Beginning(int start, boolean enclosed) {}

  private record Session(PictureWriter.Session eye, BeamSearch search) {}

  private WritingDescriber(
      PictureModels.Opened opened, PictureWriter model, Beginning beginning, SearchOptions own) {
    this.opened = opened;
    this.model = model;
    this.processor = ImageProcessor.read(opened.folder());
    this.tokenizer = PictureTexts.tokenizer(opened.folder(), model.decoder().vocabulary());
    this.beginning = beginning;
    this.own = own;
    this.team = new Team(opened.threads());
    this.sessions =
        new Sessions<>(
            () -> {
              PictureWriter.Session eye = model.session();
              return new Session(
                  eye, new BeamSearch(model.decoder(), eye.decoding(), opened.kernels()));
            },
            opened.weights());
  }

  static WritingDescriber open(PictureModels.Opened opened, PictureWriter model) {
    if (!opened.config().text("model_type").equals("blip")) {
      return new WritingDescriber(
          opened,
          model,
          new Beginning(PictureTexts.start(opened.folder()), false),
          PictureTexts.search(opened.folder()));
    }
    // BLIP's text model generates by itself: what its own section says counts, not the file's.
    ModelConfig texts = ModelConfig.read(opened.folder()).section("text_config");
    return new WritingDescriber(
        opened,
        model,
        new Beginning(texts.whole("bos_token_id", 30_522), true),
        SearchOptions.of(texts, PictureTexts.USUAL).withEnds(texts.whole("sep_token_id", 102)));
  }

  @Override
  public boolean captions() {
    return !model.isAsked();
  }

  @Override
  public boolean answers() {
    return model.isAsked();
  }

  @Override
  public List<Description> caption(List<Pixels> pictures, DescribeOptions options) {
    if (model.isAsked()) {
      throw new ModelException(
          opened.folder().getFileName() + " answers questions; ask it something about a picture");
    }
    int[] given = options.prompt().isEmpty() ? new int[0] : prompt(options.prompt());
    return all(
        pictures,
        options,
        given,
        (session, part) ->
            session.eye.look(part.stream().map(picture -> values(picture)).toList()));
  }

  private int[] prompt(String text) {
    if (!beginning.enclosed) {
      return tokenizer.encode(text).ids();
    }
    // The first token becomes the start, the last one would end the text.
    int[] ids = tokenizer.encodeForModel(text, model.decoder().positions()).ids();
    return Arrays.copyOfRange(ids, 1, Math.max(1, ids.length - 1));
  }

  @Override
  public List<Description> answer(List<Question> questions, DescribeOptions options) {
    if (!model.isAsked()) {
      throw new ModelException(
          opened.folder().getFileName() + " writes captions, and does not answer questions");
    }
    int limit = PictureTexts.limit(opened.folder(), model.decoder().positions());
    return all(
        questions,
        options,
        new int[0],
        (session, part) -> {
          List<Memory> memories = new ArrayList<>();
          for (Question question : part) {
            int[] ids = tokenizer.encodeForModel(question.text(), limit).ids();
            memories.add(session.eye.ask(values(question.picture()), ids));
          }
          return memories;
        });
  }

  private PixelValues values(Pixels picture) {
    return processor.prepare(picture).tiles().getFirst();
  }

  /** Looks at some of what is to be described. */
  private interface Look<T> {
    List<Memory> at(Session session, List<T> part);
  }

  private <T> List<Description> all(
      List<T> wanted, DescribeOptions options, int[] given, Look<T> look) {
    SearchOptions search = PictureTexts.with(own, options);
    int[] prompt = new int[1 + given.length];
    prompt[0] = beginning.start;
    System.arraycopy(given, 0, prompt, 1, given.length);
    int each = Math.max(1, MAX_ROWS / search.beams());
    each = Math.max(1, Math.min(each, Math.ceilDiv(wanted.size(), opened.threads())));
    int size = each;
    Description[] made = new Description[wanted.size()];
    team.each(
        Math.ceilDiv(wanted.size(), size),
        n -> {
          int from = n * size;
          List<T> part = wanted.subList(from, Math.min(wanted.size(), from + size));
          List<List<Hypothesis>> found =
              with(session -> {
                List<BeamSearch.Source> sources =
                    look.at(session, part).stream()
                        .map(memory ->
                            new BeamSearch.Source(
                                memory, prompt, search.maxTokens(), Steering.NONE))
                        .toList();
                return session.search.search(sources, search);
              });
          for (int i = 0; i < found.size(); i++) {
            made[from + i] = PictureTexts.description(tokenizer, given, found.get(i).getFirst());
          }
        });
    return List.of(made);
  }

  private <R> R with(Function<Session, R> work) {
    opened.kernels().enter();
    try {
      return sessions.with(work);
    } finally {
      opened.kernels().leave();
    }
  }

  @Override
  public void close() {
    team.close();
    sessions.close();
    opened.kernels().close();
  }
}
