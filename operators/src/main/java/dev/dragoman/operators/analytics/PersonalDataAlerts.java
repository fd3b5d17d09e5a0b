package dev.dragoman.operators.analytics;

import dev.dragoman.operators.analytics.Alert.Kind;
import dev.dragoman.operators.record.Annotation.TextSpan;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.TextPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;

/** An alert for each kind of personal data in each part of a document that should hold none. */
final class PersonalDataAlerts extends DoFn<Document, Row> {
  private static final long serialVersionUID = 1;
  private static final String FINDER = "MaskPii";

  private final Alert.Config config;

  PersonalDataAlerts(Alert.Config config) {
    this.config = config;
  }

  @ProcessElement
  public void process(
      @Element Document document, @Timestamp Instant time, OutputReceiver<Row> out) {
    List<String> forbidden =
        config.forbidden().stream().map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList();
    Map<String, List<TextSpan>> found = new TreeMap<>();
    for (TextSpan span : document.annotationsOf(TextSpan.class)) {
      if (span.origin().operator().equals(FINDER)
          && forbidden.contains(span.kind())
          && !(span.confidence() < config.minConfidence())
          && isLookedAt(span.origin().part())) {
        found
            .computeIfAbsent(span.kind() + "\0" + span.origin().part(), _ -> new ArrayList<>())
            .add(span);
      }
    }
    if (!found.isEmpty() && matches(document)) {
      found.values().forEach(spans -> out.output(alert(document, time, spans)));
    }
  }

  private boolean isLookedAt(PartId part) {
    String name = part.value();
    int colon = name.indexOf(':');
    return config.parts().isEmpty()
        || config.parts().contains(name)
        || (colon > 0 && config.parts().contains(name.substring(0, colon)));
  }

  private boolean matches(Document document) {
    for (Map.Entry<String, List<String>> wanted : config.where().entrySet()) {
      String value = new DocumentField(wanted.getKey()).of(document);
      if (value == null || !wanted.getValue().contains(value)) {
        return false;
      }
    }
    return true;
  }

  private Row alert(Document document, Instant time, List<TextSpan> spans) {
    String kind = Kind.PERSONAL_DATA.name().toLowerCase(Locale.ROOT);
    String pii = spans.getFirst().kind();
    PartId part = spans.getFirst().origin().part();
    String id = document.id().value();
    String message =
        spans.size()
            + " of kind "
            + pii
            + " in part "
            + part
            + " of document "
            + id
            + ", where the recipe allows none"
            + (config.where().isEmpty() ? "." : " (" + where(document) + ").");
    return Row.withSchema(Alert.schema())
        .addValue(AlertIds.of(kind, pii, id, part.value()))
        .addValue(time)
        .addValue(kind)
        .addValue(config.where().isEmpty() ? "all documents" : where(document))
        .addValue(null)
        .addValue(null)
        .addValue(id)
        .addValue(document.provenance().source().toString())
        .addValue(pii)
        .addValue(part.value())
        .addValue(offsets(document, part, spans))
        .addValue((double) spans.size())
        .addValue(0.0)
        .addValue(message)
        .build();
  }

  private String where(Document document) {
    List<String> matched = new ArrayList<>();
    for (String name : config.where().keySet()) {
      DocumentField field = new DocumentField(name);
      matched.add(field.column() + "=" + field.of(document));
    }
    return String.join(", ", matched);
  }

  /** In code points of the document's text, as tables have them. */
  private static List<Row> offsets(Document document, PartId part, List<TextSpan> spans) {
    boolean hasText = document.part(part).filter(TextPart.class::isInstance).isPresent();
    if (!hasText) {
      return List.of();
    }
    String text = document.text();
    int offset = document.textOffset(part);
    List<Row> offsets = new ArrayList<>();
    for (TextSpan span : spans) {
      int end = Math.min(text.length(), offset + span.end());
      int start = Math.min(end, offset + span.start());
      offsets.add(
          Row.withSchema(Alert.SPAN)
              .addValue(text.codePointCount(0, start))
              .addValue(text.codePointCount(0, end))
              .build());
    }
    return offsets;
  }
}
