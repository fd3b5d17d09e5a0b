package dev.dragoman.connectors.kafka;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import dev.dragoman.operators.record.coder.DocumentCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Spreads documents over workers by the value of a field: those with equal values go the same way
 * and stay in order. (A Reshuffle would not do: runners may hand its elements around in turn.)
 */
final class InOrder extends PTransform<PCollection<Document>, PCollection<Document>> {
  private static final long serialVersionUID = 1;

  /** Many more than workers, so that all have about the same to do; few enough to be no burden. */
  private static final int LANES = 1 << 14;

  private final String field;

  private InOrder(String field) {
    this.field = field;
  }

  static InOrder by(String field) {
    return new InOrder(field);
  }

  @Override
  public PCollection<Document> expand(PCollection<Document> documents) {
    String kind = DocumentColumns.FIELD_PREFIX + field;
    return documents
        .apply("Lanes", WithKeys.of((Document document) -> lane(document, kind)))
        .setCoder(KvCoder.of(VarIntCoder.of(), DocumentCoder.of()))
        .apply("InLane", ParDo.of(new Pass()))
        .setCoder(DocumentCoder.of());
  }

  private static int lane(Document document, String kind) {
    String value =
        document.label(kind).map(label -> label.value()).orElseGet(() -> document.id().value());
    return Math.floorMod(value.hashCode() * 0x9E3779B9 >>> 7, LANES);
  }

  /** Its state, which stays empty, is what sends elements to workers by key. */
  private static final class Pass extends DoFn<KV<Integer, Document>, Document> {
    private static final long serialVersionUID = 1;

    @StateId("lane")
    private final StateSpec<ValueState<Integer>> lane = StateSpecs.value(VarIntCoder.of());

    @ProcessElement
    public void pass(@Element KV<Integer, Document> element, OutputReceiver<Document> out) {
      out.output(element.getValue());
    }
  }
}
