package dev.dragoman.models;

import dev.dragoman.models.architecture.Labels;
import java.util.ArrayList;
import java.util.List;

/** An encoder with a head for token classification. */
final class EncoderTokenClassifier implements TokenClassifier {
  private final HeadedEncoder model;

  EncoderTokenClassifier(HeadedEncoder model) {
    this.model = model;
  }

  /**
   * A part of a text, short enough for the model.
   *
   * @param text which text it is of
   * @param offset where it starts in that text
   * @param from where in the text the tokens that count start: those before are context
   * @param to where they end
   */
  private record Window(int text, int offset, Tokenizer.Tokens tokens, int from, int to) {}

  @Override
  public List<String> labels() {
    return model.labels().names();
  }

  @Override
  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  @Override
  public List<List<Span>> tokens(List<String> texts) {
    List<String> all = List.copyOf(texts);
    List<List<Window>> cut = new ArrayList<>();
    all.forEach(text -> cut.add(List.of()));
    model.runner().each(all.size(), i -> cut.set(i, windows(i, all.get(i))));
    List<Window> windows = cut.stream().flatMap(List::stream).toList();
    RaggedRunner.Input[] inputs =
        windows.stream()
            .map(window -> RaggedRunner.Input.of(window.tokens.ids()))
            .toArray(RaggedRunner.Input[]::new);
    List<List<Span>> found = new ArrayList<>();
    windows.forEach(window -> found.add(List.of()));
    model
        .runner()
        .run(
            inputs,
            (i, hidden, from, to) ->
                found.set(i, spans(windows.get(i), model.head().logits(hidden, from, to))));
    List<List<Span>> spans = new ArrayList<>();
    all.forEach(text -> spans.add(new ArrayList<>()));
    for (int i = 0; i < windows.size(); i++) {
      spans.get(windows.get(i).text).addAll(found.get(i));
    }
    return spans;
  }

  /** Cuts a text into parts of which the model takes each; a quarter of a part is in the next. */
  private List<Window> windows(int index, String text) {
    List<Window> windows = new ArrayList<>();
    int offset = 0;
    int from = 0;
    while (true) {
      Tokenizer.Tokens tokens =
          tokenizer().encodeForModel(text.substring(offset), model.maxTokens());
      int next = tokens.size() < model.maxTokens() ? -1 : next(text, offset, tokens);
      int last = offset + lastEnd(tokens);
      if (next <= offset || last >= text.length()) {
        windows.add(new Window(index, offset, tokens, from, text.length()));
        return windows;
      }
      int border = next + (last - next) / 2;
      windows.add(new Window(index, offset, tokens, from, border));
      from = border;
      offset = next;
    }
  }

  private static int lastEnd(Tokenizer.Tokens tokens) {
    int last = 0;
    for (int end : tokens.ends()) {
      last = Math.max(last, end);
    }
    return last;
  }

  /** Where the next part starts: about three quarters into this one, after a space if there is. */
  private static int next(String text, int offset, Tokenizer.Tokens tokens) {
    int token = tokens.size() * 3 / 4;
    for (int i = token; i > tokens.size() / 2; i--) {
      int start = offset + tokens.starts()[i];
      if (start > offset && Character.isWhitespace(text.charAt(start - 1))) {
        return start;
      }
    }
    return offset + tokens.starts()[token];
  }

  private List<Span> spans(Window window, float[][] logits) {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < logits.length; i++) {
      int start = window.offset + window.tokens.starts()[i];
      int end = window.offset + window.tokens.ends()[i];
      boolean special = window.tokens.starts()[i] == window.tokens.ends()[i];
      if (!special && start >= window.from && start < window.to) {
        spans.add(best(logits[i], start, end));
      }
    }
    return spans;
  }

  private Span best(float[] logits, int start, int end) {
    double[] scores = new double[logits.length];
    int best = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = logits[i];
      best = scores[i] > scores[best] ? i : best;
    }
    Labels.softmax(scores);
    return new Span(labels().get(best), scores[best], start, end);
  }

  @Override
  public List<List<Span>> entities(List<String> texts) {
    return tokens(texts).stream().map(Entities::of).toList();
  }

  @Override
  public void close() {
    model.close();
  }
}
