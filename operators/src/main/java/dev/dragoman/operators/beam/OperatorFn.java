package dev.dragoman.operators.beam;

import static java.util.Objects.requireNonNull;

import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.GuardedOperator;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.TimeLimitedOperator;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Original;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies any operator to documents, gathered into batches by weight within a bundle. Nothing is
 * held beyond the end of a bundle, so that a bundle that is tried again gives the same documents.
 */
final class OperatorFn extends DoFn<Document, Document> {
  private static final long serialVersionUID = 1;

  private static final Logger LOG = LoggerFactory.getLogger(OperatorFn.class);

  /** Bounds on what waits for a batch to fill, where documents weigh little or nothing. */
  private static final int MAX_HELD_DOCUMENTS = 1024;

  private static final long MAX_HELD_BYTES = 32L << 20;

  private final OperatorConfig config;
  private final ApplyOperator.OnError onError;
  private final @Nullable String modelHome;
  private final boolean offline;
  private final java.time.@Nullable Duration timeLimit;
  private final StepMetrics metrics;

  private transient @Nullable Operator operator;
  private transient @Nullable List<Held> held;
  private transient @Nullable Map<String, Long> told;
  private transient long openedIn;
  private transient long heldWeight;
  private transient long heldBytes;

  OperatorFn(
      OperatorConfig config,
      String step,
      ApplyOperator.OnError onError,
      @Nullable String modelHome,
      boolean offline,
      java.time.@Nullable Duration timeLimit) {
    this.config = config;
    this.onError = onError;
    this.modelHome = modelHome;
    this.offline = offline;
    this.timeLimit = timeLimit;
    this.metrics = new StepMetrics(step);
  }

  /** A document that waits, and where its outcome belongs. */
  private record Held(Document document, Instant timestamp, BoundedWindow window, PaneInfo pane) {}

  /** Takes what became of a document that waited. */
  private interface Output {
    void enriched(Held place, Document document);

    void rejected(Held place, Rejected rejected);
  }

  @Setup
  public void setup() {
    ModelStore store =
        modelHome == null ? ModelStore.atDefaultHome() : ModelStore.at(Path.of(modelHome));
    OperatorContext context = new OperatorContext(store, new WorkerContents(offline));
    told = new HashMap<>();
    String name = config.info().name();
    long start = System.nanoTime();
    operator =
        timeLimit == null || config.models().isEmpty()
            ? new GuardedOperator(config.open(context), name)
            : new TimeLimitedOperator(
                () -> new GuardedOperator(config.open(context), name), name, timeLimit);
    openedIn = System.nanoTime() - start;
  }

  @StartBundle
  public void startBundle() {
    clear();
  }

  @ProcessElement
  public void process(
      @Element Document document,
      @Timestamp Instant timestamp,
      BoundedWindow window,
      PaneInfo pane,
      MultiOutputReceiver outputs) {
    Operator opened = requireNonNull(operator);
    List<Held> waiting = requireNonNull(held);
    waiting.add(new Held(document, timestamp, window, pane));
    heldWeight += opened.weight(document);
    heldBytes += bytes(document);
    if (heldWeight >= opened.batchWeight()
        || heldBytes >= MAX_HELD_BYTES
        || waiting.size() >= MAX_HELD_DOCUMENTS) {
      flush(
          new Output() {
            @Override
            public void enriched(Held place, Document enriched) {
              outputs
                  .get(ApplyOperator.ENRICHED)
                  .outputWindowedValue(
                      enriched, place.timestamp(), List.of(place.window()), place.pane());
            }

            @Override
            public void rejected(Held place, Rejected rejected) {
              outputs
                  .get(ApplyOperator.REJECTED)
                  .outputWindowedValue(
                      rejected, place.timestamp(), List.of(place.window()), place.pane());
            }
          });
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    flush(
        new Output() {
          @Override
          public void enriched(Held place, Document enriched) {
            context.output(ApplyOperator.ENRICHED, enriched, place.timestamp(), place.window());
          }

          @Override
          public void rejected(Held place, Rejected rejected) {
            context.output(ApplyOperator.REJECTED, rejected, place.timestamp(), place.window());
          }
        });
  }

  @Teardown
  public void teardown() {
    if (operator != null) {
      operator.close();
      operator = null;
    }
  }

  /**
   * Unlimited: a batch is put out while its last document is processed, which may be later than the
   * others. None is put out after its own bundle, so none becomes late by it.
   */
  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester")
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }

  private void flush(Output output) {
    List<Held> places = requireNonNull(held);
    if (places.isEmpty()) {
      return;
    }
    Operator opened = requireNonNull(operator);
    Map<String, Long> counted = requireNonNull(told);
    long weight = heldWeight;
    clear();
    long start = System.nanoTime();
    List<Outcome> outcomes = opened.apply(places.stream().map(Held::document).toList());
    if (openedIn > 0) {
      // Nothing counts before the first bundle.
      metrics.opened(openedIn);
      openedIn = 0;
    }
    metrics.batch(places.size(), opened.batchWeight() > 1 ? weight : 0, System.nanoTime() - start);
    opened
        .counts()
        .forEach((name, count) -> {
          long more = count - counted.getOrDefault(name, 0L);
          if (more > 0) {
            metrics.counted(name, more);
            counted.put(name, count);
          }
        });
    for (int i = 0; i < places.size(); i++) {
      route(places.get(i), outcomes.get(i), output);
    }
  }

  private void route(Held place, Outcome outcome, Output output) {
    switch (outcome) {
      case Outcome.Enriched enriched -> {
        metrics.out();
        if (isSkipped(enriched.document())) {
          metrics.skipped();
        }
        output.enriched(place, enriched.document());
      }
      case Outcome.Expanded expanded -> {
        metrics.found(expanded.outcomes().size() - 1);
        for (Outcome inner : expanded.outcomes()) {
          route(place, inner, output);
        }
      }
      case Outcome.Failed failed -> {
        Rejected rejected = failed.rejected();
        switch (onError) {
          case REJECT -> {
            LOG.info(
                "rejected document_id={} code={} operator={}",
                rejected.document().id().value(),
                rejected.failure().code(),
                rejected.failure().operator());
            metrics.rejected(rejected.failure().code());
            output.rejected(place, rejected);
          }
          case KEEP -> {
            metrics.kept(rejected.failure().code());
            metrics.out();
            output.enriched(place, kept(rejected));
          }
        }
      }
    }
  }

  private boolean isSkipped(Document document) {
    List<Step> steps = document.provenance().steps();
    return !steps.isEmpty()
        && steps.getLast().status() == Step.Status.SKIPPED
        && steps.getLast().operator().equals(config.info().name());
  }

  private Document kept(Rejected rejected) {
    Document document = rejected.document();
    Failure failure = rejected.failure();
    OperatorInfo info = config.info();
    PartId part = document.parts().isEmpty() ? PartId.FILE : document.parts().getFirst().id();
    Origin origin = new Origin(part, info.name(), info.version(), "");
    String note = failure.code() + ": " + failure.message();
    return document
        .plus(List.of(new Annotation.Label(origin, "failed", note, Double.NaN)))
        .with(new Step(info.name(), info.version(), "", Step.Status.FAILED, note));
  }

  private void clear() {
    held = new ArrayList<>();
    heldWeight = 0;
    heldBytes = 0;
  }

  /** About how much memory a document holds. */
  private static long bytes(Document document) {
    Original original = document.provenance().original();
    long bytes =
        100L * document.annotations().size()
            + (original == null || original.value() == null ? 0 : bytes(original.value()));
    for (Part part : document.parts()) {
      bytes +=
          switch (part) {
            case FilePart file -> bytes(file.content());
            case TextPart text -> 2L * text.text().length();
            case ImagePart image -> bytes(image.content());
            case AudioPart audio -> bytes(audio.content());
          };
    }
    return bytes;
  }

  private static long bytes(Content content) {
    return content instanceof Content.Inline inline ? inline.bytes().length : 0;
  }
}
