package dev.dragoman.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.PictureReader;
import dev.dragoman.models.generate.BeamSearch;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.Steering;
import dev.dragoman.models.generate.Terms;
import dev.dragoman.models.template.ChatInput;
import dev.dragoman.models.template.ChatMessage;
import dev.dragoman.models.template.ChatTemplates;
import dev.dragoman.models.vision.ImageProcessor;
import dev.dragoman.models.vision.Pixels;
import dev.dragoman.models.vision.PreparedPicture;
import java.util.List;
import java.util.stream.IntStream;

/** Describes pictures with a language model that has them in its text: Idefics3 and SmolVLM. */
final class ReadingDescriber implements PictureDescriber {
  private static final int USUAL = 128;
  private static final String CAPTION = "Can you describe this image?";
  private static final String AROUND = "<fake_token_around_image>";
  private static final String WHOLE = "<global-img>";

  private final PictureModels.Opened opened;
  private final PictureReader model;
  private final ImageProcessor processor;
  private final Tokenizer tokenizer;
  private final ChatTemplates templates;
  private final String place;
  private final SearchOptions own;
  private final Sessions<Session> sessions;
  private final Team team;

  private record Session(PictureReader.Session eye, BeamSearch search) {}

  private ReadingDescriber(PictureModels.Opened opened, PictureReader model) {
    this.opened = opened;
    this.model = model;
    this.processor = ImageProcessor.read(opened.folder());
    this.tokenizer = PictureTexts.tokenizer(opened.folder(), model.decoder().vocabulary());
    this.templates = ChatTemplates.read(opened.folder());
    this.place = tokenizer.token(model.imageToken());
    SearchOptions search = SearchOptions.read(opened.folder(), USUAL);
    this.own =
        search.withEnds(
            IntStream.concat(
                    IntStream.of(search.ends()),
                    IntStream.of(EndTokens.of(opened.folder(), tokenizer)))
                .distinct()
                .toArray());
    this.team = new Team(opened.threads());
    this.sessions =
        new Sessions<>(
            () -> {
              PictureReader.Session eye = model.session();
              return new Session(
                  eye, new BeamSearch(model.decoder(), eye.decoding(), opened.kernels()));
            },
            opened.weights());
  }

  static ReadingDescriber open(PictureModels.Opened opened, PictureReader model) {
    return new ReadingDescriber(opened, model);
  }

  @Override
  public boolean captions() {
    return true;
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public List<Description> caption(List<Pixels> pictures, DescribeOptions options) {
    String asked = options.prompt().isEmpty() ? CAPTION : options.prompt();
    return answer(pictures.stream().map(one -> new Question(one, asked)).toList(), options);
  }

  @Override
  public List<Description> answer(List<Question> questions, DescribeOptions options) {
    SearchOptions search = PictureTexts.with(own, options);
    Description[] made = new Description[questions.size()];
    team.each(made.length, i -> made[i] = answer(questions.get(i), search));
    return List.of(made);
  }

  private Description answer(Question question, SearchOptions search) {
    PreparedPicture picture = processor.prepare(question.picture());
    int[] ids = tokenizer.encodeForModel(prompt(question.text(), picture), Integer.MAX_VALUE).ids();
    opened.kernels().enter();
    try {
      Hypothesis found =
          sessions.with(session -> {
            float[] rows = session.eye.embed(ids, picture.tiles());
            return session
                .search
                .search(
                    List.of(
                        new BeamSearch.Source(
                            Memory.NONE, ids, rows, search.maxTokens(), Steering.NONE, Terms.NONE)),
                    search)
                .getFirst()
                .getFirst();
          });
      return PictureTexts.description(tokenizer, new int[0], found);
    } finally {
      opened.kernels().leave();
    }
  }

  /**
   * The conversation as the model was trained on it, with a place for each token of the picture.
   */
  private String prompt(String asked, PreparedPicture picture) {
    String text = rendered(asked);
    int at = text.indexOf(place);
    if (at < 0) {
      throw new ModelException(
          opened.folder() + ": the chat template has no place " + place + " for a picture");
    }
    return text.substring(0, at) + places(picture) + text.substring(at + place.length());
  }

  private String rendered(String asked) {
    if (templates.isEmpty()) {
      return "<|im_start|>User:" + place + asked + "<end_of_utterance>\nAssistant:";
    }
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "user");
    ArrayNode content = message.putArray("content");
    content.addObject().put("type", "image");
    content.addObject().put("type", "text").put("text", asked);
    return templates
        .select(false)
        .render(ChatInput.of(List.of(ChatMessage.of(message))).withTokens(templates.tokens()));
  }

  private String places(PreparedPicture picture) {
    String tile = place.repeat(model.tokens(picture.tiles().getFirst()));
    StringBuilder text = new StringBuilder();
    for (int row = 1; row <= picture.rows(); row++) {
      for (int column = 1; column <= picture.columns(); column++) {
        text.append(AROUND).append("<row_%d_col_%d>".formatted(row, column)).append(tile);
      }
      text.append('\n');
    }
    if (picture.rows() > 0) {
      text.append('\n');
    }
    return text.append(AROUND).append(WHOLE).append(tile).append(AROUND).toString();
  }

  @Override
  public void close() {
    team.close();
    sessions.close();
    opened.kernels().close();
  }
}
