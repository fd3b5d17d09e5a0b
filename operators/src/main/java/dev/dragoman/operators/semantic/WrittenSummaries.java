package dev.dragoman.operators.semantic;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource.Lease;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import dev.dragoman.operators.text.Repetition;
import dev.dragoman.operators.text.Sentences;
import java.util.ArrayList;
import java.util.List;

/**
 * Summaries in a model's own words. A text longer than the model reads is summarised passage by
 * passage, and then the summaries, until one is left.
 */
final class WrittenSummaries implements Operator {
  private static final int BATCH_TOKENS = 4096;

  /** Of a longer text so many passages are read, spread evenly over it. */
  private static final int MOST_PASSAGES = 48;

  private final Summarize.Config config;
  private final Lease<SummaryWriter> writer;

  WrittenSummaries(Summarize.Config config, Lease<SummaryWriter> writer) {
    this.config = config;
    this.writer = writer;
  }

  /** A document's text on its way: what is still to be summarised, then its summary. */
  private static final class Work {
    private final Document document;
    private String text;
    private List<String> passages = List.of();
    private double confidence = Double.NaN;
    private boolean finished = true;
    private boolean done;

    Work(Document document) {
      this.document = document;
      this.text = document.text();
      this.done = text.isBlank();
    }
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    List<Work> works = batch.stream().map(Work::new).toList();
    for (List<Work> open = open(works); !open.isEmpty(); open = open(works)) {
      List<String> texts = new ArrayList<>();
      for (Work work : open) {
        work.passages = passages(work);
        texts.addAll(work.passages);
      }
      List<SummaryWriter.Written> written = writer.get().write(texts);
      int from = 0;
      for (Work work : open) {
        reduce(work, written.subList(from, from + work.passages.size()));
        from += work.passages.size();
      }
    }
    return works.stream().<Outcome>map(w -> new Outcome.Enriched(summarized(w))).toList();
  }

  private static List<Work> open(List<Work> works) {
    return works.stream().filter(work -> !work.done).toList();
  }

  private List<String> passages(Work work) {
    SummaryWriter model = writer.get();
    if (model.tokenizer().count(work.text) <= model.room()) {
      return List.of(work.text);
    }
    List<Passages.Passage> all =
        Passages.of(
            work.text, Embedders.language(work.document), model.tokenizer(), model.room(), 0);
    int count = Math.min(MOST_PASSAGES, all.size());
    List<String> passages = new ArrayList<>(count);
    for (long i = 0; i < count; i++) {
      Passages.Passage passage = all.get((int) (i * all.size() / count));
      passages.add(work.text.substring(passage.start(), passage.end()));
    }
    return passages;
  }

  /**
   * One summary is the last; several are a text to be summarised again, unless it got no shorter.
   */
  private static void reduce(Work work, List<SummaryWriter.Written> written) {
    StringBuilder text = new StringBuilder();
    double confidence = 0;
    boolean finished = true;
    for (SummaryWriter.Written each : written) {
      if (!each.text().isBlank()) {
        text.append(text.isEmpty() ? "" : "\n").append(each.text());
      }
      confidence += each.confidence() / written.size();
      finished &= each.finished();
    }
    boolean last = written.size() == 1 || text.length() >= work.text.length();
    work.done = last || text.isEmpty();
    work.text = text.toString();
    work.confidence = confidence;
    work.finished = finished;
  }

  private Document summarized(Work work) {
    Document document = work.document;
    if (document.text().isBlank()) {
      return skipped(document, "the document has no text to summarise");
    }
    String language = Embedders.language(document);
    String summary = shortened(work.text, language, work.finished);
    if (summary.isEmpty()) {
      return skipped(document, "the model wrote nothing");
    }
    if (Repetition.loops(summary, document.text())) {
      return skipped(document, "the model's summary repeats itself");
    }
    TextPart first =
        document.textParts().stream()
            .filter(part -> !part.text().isBlank())
            .findFirst()
            .orElseThrow();
    Origin origin = new Origin(first.id(), Summarize.NAME, Summarize.VERSION, config.model());
    return document
        .plus(
            List.of(new Annotation.Rewrite(origin, "summary", summary, language, work.confidence)))
        .with(Step.done(Summarize.NAME, Summarize.VERSION, config.model()));
  }

  /** The first sentences, so many as are wanted; without one that was cut off after others. */
  private String shortened(String text, String language, boolean finished) {
    String flat = text.replaceAll("[\\s\\u0085\\u00a0\\u2028\\u2029]+", " ").strip();
    List<Sentences.Span> sentences = Sentences.of(flat, language);
    if (sentences.isEmpty()) {
      return "";
    }
    int whole = finished || sentences.size() == 1 ? sentences.size() : sentences.size() - 1;
    return flat.substring(0, sentences.get(Math.min(whole, config.maxSentences()) - 1).end());
  }

  private Document skipped(Document document, String why) {
    return document.with(Step.skipped(Summarize.NAME, Summarize.VERSION, config.model(), why));
  }

  @Override
  public long weight(Document document) {
    long tokens = 0;
    for (TextPart part : document.textParts()) {
      tokens += Embedders.tokens(part.text().length());
    }
    return tokens;
  }

  @Override
  public long batchWeight() {
    return BATCH_TOKENS;
  }

  @Override
  public void close() {
    writer.close();
  }
}
