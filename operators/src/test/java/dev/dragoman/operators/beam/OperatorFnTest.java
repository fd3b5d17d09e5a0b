package dev.dragoman.operators.beam;

import static dev.dragoman.operators.beam.Probe.document;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.record.Document;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValues;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperatorFnTest {
  private final OperatorFn fn =
      SerializableUtils.ensureSerializable(
          new OperatorFn(
              new Probe.Config(100), "step", ApplyOperator.OnError.REJECT, null, true, null));
  private final List<Object> outputs = new ArrayList<>();

  @BeforeEach
  void setUp() {
    fn.setup();
  }

  @AfterEach
  void tearDown() {
    fn.teardown();
  }

  @Test
  void aBundleThatIsTriedAgainGivesTheSameDocumentsOnce() {
    List<Document> bundle = List.of(document("a"), document("fail"), document("expand"));
    fn.startBundle();
    process(document("lost with its bundle"));
    fn.startBundle();
    bundle.forEach(this::process);
    finish();
    List<Object> first = List.copyOf(outputs);
    outputs.clear();
    fn.startBundle();
    bundle.forEach(this::process);
    finish();
    assertThat(outputs).isEqualTo(first).hasSize(5);
  }

  @Test
  void documentsThatWeighNothingDoNotPileUp() {
    fn.startBundle();
    for (int i = 0; i < 1024; i++) {
      process(document(""));
    }
    assertThat(outputs).hasSize(1024);
    finish();
    assertThat(outputs).hasSize(1024);
  }

  @Test
  void anEmptyBundleGivesNothing() {
    fn.startBundle();
    finish();
    assertThat(outputs).isEmpty();
  }

  private void process(Document document) {
    fn.process(
        document,
        Instant.EPOCH,
        GlobalWindow.INSTANCE,
        PaneInfo.NO_FIRING,
        new DoFn.MultiOutputReceiver() {
          @Override
          public <T> OutputReceiver<T> get(TupleTag<T> tag) {
            return OperatorFnTest.this::builder;
          }

          @Override
          public <T> OutputReceiver<Row> getRowReceiver(TupleTag<T> tag) {
            throw new AssertionError("no rows here");
          }
        });
  }

  private <T> OutputBuilder<T> builder(T value) {
    return WindowedValues.<T>builder()
        .setValue(value)
        .setReceiver(output -> outputs.add(output.getValue()));
  }

  private void finish() {
    fn.finishBundle(
        ((DoFn<Document, Document>) fn).new FinishBundleContext() {
          @Override
          public PipelineOptions getPipelineOptions() {
            return PipelineOptionsFactory.create();
          }

          @Override
          public void output(Document document, Instant timestamp, BoundedWindow window) {
            outputs.add(document);
          }

          @Override
          public <T> void output(
              TupleTag<T> tag, T value, Instant timestamp, BoundedWindow window) {
            outputs.add(value);
          }
        });
  }
}
