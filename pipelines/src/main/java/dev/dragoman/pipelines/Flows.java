package dev.dragoman.pipelines;

import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** What has come out of the steps of a recipe so far, by the names that inputs give it. */
final class Flows {
  private final Map<String, PCollection<Document>> documents = new HashMap<>();
  private final Map<String, PCollection<Row>> rows = new HashMap<>();
  private final Map<String, PCollection<Rejected>> rejected = new HashMap<>();

  /** What no step has named an output for. */
  private final List<PCollection<Rejected>> unnamed = new ArrayList<>();

  private @Nullable PCollection<Rejected> all;

  void documents(Recipe.Step step, PCollection<Document> flow) {
    documents.put(step.name(), flow);
  }

  void rows(Recipe.Step step, PCollection<Row> flow) {
    rows.put(step.name(), flow);
  }

  /** Operators count for themselves what they reject; the others' is counted here. */
  void rejected(Recipe.Step step, PCollection<Rejected> rejections) {
    PCollection<Rejected> flow =
        step instanceof Recipe.Operation
            ? rejections
            : rejections
                .apply(
                    "Count what " + step.name() + " rejects",
                    ParDo.of(new CountRejected(step.name())))
                .setCoder(RejectedCoder.of());
    if (step.errorOutput().isEmpty()) {
      unnamed.add(flow);
    } else {
      rejected.put(step.name() + "." + step.errorOutput(), flow);
    }
  }

  PCollection<Document> documents(String input) {
    return there(documents.get(input), input);
  }

  PCollection<Row> rows(String input) {
    return there(rows.get(input), input);
  }

  Kind kind(String input) {
    if (documents.containsKey(input)) {
      return Kind.DOCUMENTS;
    }
    return rows.containsKey(input) ? Kind.ROWS : Kind.REJECTED;
  }

  /** Those of one step, or of all that have not named an output. */
  PCollection<Rejected> rejected(String input, Pipeline pipeline) {
    return input.equals(Recipe.REJECTED)
        ? allRejected(pipeline)
        : there(rejected.get(input), input);
  }

  /** All that no step has named an output for. */
  PCollection<Rejected> allRejected(Pipeline pipeline) {
    PCollection<Rejected> flattened = all;
    if (flattened == null) {
      flattened =
          unnamed.isEmpty()
              ? pipeline.apply("Nothing rejected", Create.empty(RejectedCoder.of()))
              : flatten();
      all = flattened;
    }
    return flattened;
  }

  /** Sinks with windows of their own reject in these windows. */
  private PCollection<Rejected> flatten() {
    List<PCollection<Rejected>> global = new ArrayList<>();
    for (PCollection<Rejected> flow : unnamed) {
      global.add(
          flow.getWindowingStrategy().getWindowFn() instanceof GlobalWindows
              ? flow
              : flow.apply("Rejected " + (global.size() + 1), Window.into(new GlobalWindows())));
    }
    return PCollectionList.of(global).apply("All rejected", Flatten.pCollections());
  }

  private static final class CountRejected extends DoFn<Rejected, Rejected> {
    private static final long serialVersionUID = 1;

    private final String step;

    CountRejected(String step) {
      this.step = step;
    }

    @ProcessElement
    public void count(@Element Rejected rejected, OutputReceiver<Rejected> out) {
      MetricNames.rejected(step, rejected.failure().code()).inc();
      out.output(rejected);
    }
  }

  private static <T> PCollection<T> there(@Nullable PCollection<T> flow, String input) {
    if (flow == null) {
      throw new IllegalStateException("nothing has come out of " + input);
    }
    return flow;
  }
}
