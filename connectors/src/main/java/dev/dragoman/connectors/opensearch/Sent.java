package dev.dragoman.connectors.opensearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.connectors.DocumentKey;
import dev.dragoman.connectors.json.RowJson;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.coder.DocumentRows;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;

/** How elements become what is sent, and what stands for one that is refused. */
interface Sent<T> extends Serializable {
  ObjectMapper JSON = new ObjectMapper();

  /** What it is indexed under; none where it has no id. */
  Optional<String> id(T element, byte[] json);

  /** Why it has none. */
  String missing();

  /** Its source. */
  byte[] json(T element, Instant eventTime) throws IOException;

  /** What goes to the dead letters in its place. */
  Document document(T element, byte[] json);

  /** Documents, as the rows they come to. */
  record OfDocuments(DocumentKey key, List<String> include, boolean embedding)
      implements Sent<Document> {
    private static final long serialVersionUID = 1;

    @Override
    public Optional<String> id(Document document, byte[] json) {
      return key.of(document);
    }

    @Override
    public String missing() {
      return key.missing();
    }

    @Override
    public byte[] json(Document document, Instant eventTime) throws IOException {
      ObjectNode object = chosen(DocumentRows.row(document, eventTime), include);
      List<Annotation.Embedding> found =
          embedding ? document.annotationsOf(Annotation.Embedding.class) : List.of();
      if (!found.isEmpty()) {
        object.put("embedding_model", found.getLast().origin().model());
        ArrayNode vector = object.putArray("embedding");
        for (float value : found.getLast().vector()) {
          vector.add(value);
        }
      }
      return JSON.writeValueAsBytes(object);
    }

    @Override
    public Document document(Document document, byte[] json) {
      return document;
    }
  }

  /** Rows of any schema. */
  record OfRows(String index, List<String> columns, List<String> include) implements Sent<Row> {
    private static final long serialVersionUID = 1;

    @Override
    public Optional<String> id(Row row, byte[] json) {
      if (columns.isEmpty()) {
        return Optional.of(Sha256.of(json).hex().substring(0, 32));
      }
      String id =
          columns.stream()
              .map(column -> Objects.toString(row.<Object>getValue(column), ""))
              .collect(Collectors.joining("|"));
      return id.getBytes(UTF_8).length > 512 ? Optional.empty() : Optional.of(id);
    }

    @Override
    public String missing() {
      return "the id of the row is longer than 512 bytes; name shorter columns with 'id'";
    }

    @Override
    public byte[] json(Row row, Instant eventTime) throws IOException {
      return JSON.writeValueAsBytes(chosen(row, include));
    }

    @Override
    public Document document(Row row, byte[] json) {
      return Document.ofText(
          URI.create("opensearch:" + index), "application/json", new String(json, UTF_8));
    }
  }

  /** The columns that are wanted and have a value. */
  private static ObjectNode chosen(Row row, List<String> include) {
    ObjectNode object = RowJson.object(row);
    if (!include.isEmpty()) {
      object.retain(include);
    }
    object.properties().removeIf(field -> field.getValue().isNull());
    return object;
  }
}
