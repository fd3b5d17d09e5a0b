package dev.dragoman.models;

import dev.dragoman.models.architecture.TwoTowers;
import dev.dragoman.models.vision.ImageProcessor;
import dev.dragoman.models.vision.PixelValues;
import dev.dragoman.models.vision.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Embeds pictures and texts with CLIP or SigLIP. */
final class TowerEmbedder implements PictureEmbedder {
  private static final int AT_ONCE = 8;
  private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");

  /** What Python takes for white space. */
  private static final Pattern SPACES = Pattern.compile("[\\h\\v\\x1c-\\x1f&&[^\\u180e]]+");

  private final PictureModels.Opened opened;
  private final TwoTowers model;
  private final ImageProcessor processor;
  private final Tokenizer tokenizer;
  private final Sessions<TwoTowers.Session> sessions;
  private final Team team;

  /** Whether case and punctuation are taken out of texts. */
  private final boolean canonical;

  private TowerEmbedder(PictureModels.Opened opened, TwoTowers model) {
    this.opened = opened;
    this.model = model;
    this.processor = ImageProcessor.read(opened.folder());
    this.tokenizer = Tokenizer.open(opened.folder());
    this.team = new Team(opened.threads());
    this.sessions = new Sessions<>(model::session, opened.weights());
    this.canonical = opened.config().text("model_type").equals("siglip");
  }

  static TowerEmbedder open(PictureModels.Opened opened, TwoTowers model) {
    return new TowerEmbedder(opened, model);
  }

  @Override
  public int width() {
    return model.width();
  }

  @Override
  public int maxTokens() {
    return PictureTexts.limit(opened.folder(), model.positions());
  }

  @Override
  public float[][] embed(List<Pixels> pictures) {
    float[][] vectors = new float[pictures.size()][];
    team.each(
        Math.ceilDiv(vectors.length, AT_ONCE),
        n -> {
          int from = n * AT_ONCE;
          List<PixelValues> part =
              pictures.subList(from, Math.min(vectors.length, from + AT_ONCE)).stream()
                  .map(picture -> processor.prepare(picture).tiles().getFirst())
                  .toList();
          float[][] made = with(session -> session.pictures(part));
          for (int i = 0; i < made.length; i++) {
            opened.kernels().unitLength(made[i]);
            vectors[from + i] = made[i];
          }
        });
    return vectors;
  }

  @Override
  public float[][] embedTexts(List<String> texts) {
    float[][] vectors = new float[texts.size()][];
    int limit = maxTokens();
    team.each(
        vectors.length,
        i -> {
          int[] ids = filled(ids(texts.get(i), limit));
          vectors[i] = with(session -> session.text(ids));
          opened.kernels().unitLength(vectors[i]);
        });
    return vectors;
  }

  @Override
  public int tokens(String text) {
    return ids(text, maxTokens()).length;
  }

  private int[] ids(String text, int limit) {
    return tokenizer.encodeForModel(canonical ? canonical(text) : text, limit).ids();
  }

  /** As the reference's tokenizer does before it cuts: no capitals, no punctuation of ASCII. */
  static String canonical(String text) {
    String plain = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    return SPACES.matcher(plain).replaceAll(" ").strip();
  }

  private int[] filled(int[] ids) {
    if (model.padding() < 0 || ids.length >= model.positions()) {
      return ids;
    }
    int[] all = Arrays.copyOf(ids, model.positions());
    Arrays.fill(all, ids.length, all.length, model.padding());
    return all;
  }

  private <R> R with(Function<TwoTowers.Session, R> work) {
    opened.kernels().enter();
    try {
      return sessions.with(work);
    } finally {
      opened.kernels().leave();
    }
  }

  @Override
  public List<List<Scored>> label(List<Pixels> pictures, List<String> texts) {
    if (texts.isEmpty()) {
      throw new ModelException("there must be at least one text to compare pictures with");
    }
    float[][] labels = embedTexts(texts);
    List<List<Scored>> all = new ArrayList<>();
    for (float[] picture : embed(pictures)) {
      double[] scores = new double[labels.length];
      for (int i = 0; i < labels.length; i++) {
        double likeness = 0;
        for (int k = 0; k < picture.length; k++) {
          likeness += picture[k] * labels[i][k];
        }
        scores[i] = model.score(likeness);
      }
      double[] shares = model.exclusive() ? shares(scores) : chances(scores);
      List<Scored> scored = new ArrayList<>();
      for (int i = 0; i < shares.length; i++) {
        scored.add(new Scored(texts.get(i), shares[i]));
      }
      scored.sort(Comparator.comparingDouble(Scored::score).reversed());
      all.add(List.copyOf(scored));
    }
    return all;
  }

  private static double[] shares(double[] scores) {
    double highest = Arrays.stream(scores).max().orElse(0);
    double[] shares = Arrays.stream(scores).map(score -> Math.exp(score - highest)).toArray();
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  private static double[] chances(double[] scores) {
    return Arrays.stream(scores).map(score -> 1 / (1 + Math.exp(-score))).toArray();
  }

  @Override
  public void close() {
    team.close();
    sessions.close();
    opened.kernels().close();
  }
}
