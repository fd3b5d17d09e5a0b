package dev.dragoman.connectors.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Provenance;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.TextPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads tables row by row; no more than one row is held at a time. */
final class RowReader {
  /** Longer rows are refused: 8 million characters. */
  static final int MAX_ROW_CHARS = 8 << 20;

  private static final int MAX_NESTING = 100;

  /** How much of a broken row goes into its rejection. */
  private static final int MAX_KEPT_CHARS = 1 << 16;

  private static final String CSV_TYPE = "text/csv";
  private static final String JSONL_TYPE = "application/x-ndjson";

  private static final ObjectMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(MAX_NESTING)
                      .maxStringLength(MAX_ROW_CHARS)
                      .maxNumberLength(1_000)
                      .build())
              .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
              .build());

  private final URI uri;
  private final RowMapping mapping;
  private final Output out;
  private long rows;

  /** Where rows go. */
  interface Output {
    void row(Document document);

    void rejected(Rejected rejected);
  }

  private RowReader(URI uri, RowMapping mapping, Output out) {
    this.uri = uri;
    this.mapping = mapping;
    this.out = out;
  }

  /** Whether the name says that the file holds a document a row. */
  static boolean isTable(URI uri) {
    String name = name(uri);
    return isLines(name) || name.endsWith(".csv") || name.endsWith(".tsv");
  }

  /**
   * Reads a table to its end.
   *
   * @throws IOException if the file cannot be read; broken rows are rejected and do not throw
   */
  static void read(URI uri, RowMapping mapping, Output out) throws IOException {
    RowReader table = new RowReader(uri, mapping, out);
    TextEncoding encoding;
    try (InputStream in = open(uri)) {
      encoding = TextEncoding.detect(in);
    } catch (Gzip.BrokenException e) {
      table.rejectFile(RejectionCode.CORRUPT, String.valueOf(e.getMessage()));
      return;
    }
    try (Reader in = encoding.reader(open(uri))) {
      if (isLines(name(uri))) {
        table.readLines(in);
      } else {
        table.readCsv(in, name(uri).endsWith(".tsv"));
      }
    } catch (Gzip.BrokenException e) {
      table.rejectFile(RejectionCode.CORRUPT, String.valueOf(e.getMessage()));
      return;
    }
    if (table.rows == 0) {
      table.rejectFile(RejectionCode.EMPTY, "the table has no rows; there is nothing to do for it");
    }
  }

  private static String name(URI uri) {
    String path = String.valueOf(uri.getPath()).toLowerCase(Locale.ROOT);
    return path.endsWith(".gz") ? path.substring(0, path.length() - 3) : path;
  }

  private static boolean isLines(String name) {
    return name.endsWith(".jsonl") || name.endsWith(".ndjson");
  }

  private static InputStream open(URI uri) throws IOException {
    InputStream in = RemoteFiles.open(uri);
    return String.valueOf(uri.getPath()).toLowerCase(Locale.ROOT).endsWith(".gz")
        ? Gzip.open(in)
        : in;
  }

  private void readLines(Reader in) throws IOException {
    LineReader lines = new LineReader(in, MAX_ROW_CHARS);
    while (lines.next()) {
      String line = lines.line();
      if (lines.tooLong()) {
        rejectRow(
            line,
            "line %d is longer than %d characters; a row must be one line, see that line ends are right"
                .formatted(lines.number(), MAX_ROW_CHARS));
        continue;
      }
      if (line.isBlank()) {
        continue;
      }
      JsonNode row;
      try {
        row = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        rejectRow(
            line, "line %d is not JSON: %s".formatted(lines.number(), e.getOriginalMessage()));
        continue;
      }
      if (!(row instanceof ObjectNode object)) {
        rejectRow(
            line,
            "line %d is not a JSON object but %s; write one object in braces on each line"
                .formatted(lines.number(), row.getNodeType().name().toLowerCase(Locale.ROOT)));
        continue;
      }
      Fields fields = Fields.of(object);
      if (mapping.textColumns(fields.names()).isEmpty()) {
        rejectRow(line, "line %d: %s".formatted(lines.number(), noText(fields.names())));
      } else {
        row(fields, line, JSONL_TYPE, "line " + lines.number());
      }
    }
  }

  private void readCsv(Reader in, boolean tabs) throws IOException {
    RowLimit limited = new RowLimit(in, MAX_ROW_CHARS);
    Reader source = limited;
    char delimiter = '\t';
    if (!tabs) {
      Delimiter sniffed = Delimiter.sniff(limited);
      delimiter = sniffed.found();
      source = sniffed.rest();
    }
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(delimiter)
            .setIgnoreEmptyLines(true)
            .setTrailingData(true)
            .setLenientEof(false)
            .get();
    try (CSVParser parser = CSVParser.builder().setReader(source).setFormat(format).get()) {
      Iterator<CSVRecord> records = parser.iterator();
      if (!records.hasNext()) {
        return;
      }
      List<String> columns = header(records.next());
      if (mapping.textColumns(columns).isEmpty()) {
        rows++;
        rejectFile(RejectionCode.UNSUPPORTED, "the table has " + noText(columns));
        return;
      }
      while (true) {
        limited.nextRow();
        long line = parser.getCurrentLineNumber() + 1;
        CSVRecord record;
        if (!records.hasNext()) {
          return;
        }
        record = records.next();
        if (record.size() != columns.size()) {
          rejectRow(
              String.join(String.valueOf(delimiter), record.values()),
              "line %d has %d values, the header names %d columns; quote values that hold '%s' or a line end"
                  .formatted(
                      line, record.size(), columns.size(), delimiter == '\t' ? "\\t" : delimiter));
          continue;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          values.put(columns.get(i), record.get(i));
        }
        row(
            new Fields(columns, values),
            String.join("\u001f", record.values()),
            CSV_TYPE,
            "line " + line);
      }
    } catch (UncheckedIOException e) {
      // The parser cannot go on after such a row, so what follows it is lost with it.
      if (e.getCause() instanceof CSVException
          || e.getCause() instanceof RowLimit.ExceededException) {
        rejectRow(
            "",
            "the row after row %d cannot be read, nor what follows it: %s; see that its quotes are closed"
                .formatted(rows, e.getCause().getMessage()));
      } else {
        throw e.getCause();
      }
    }
  }

  private static List<String> header(CSVRecord record) {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < record.size(); i++) {
      String name = record.get(i).strip();
      if (name.isEmpty()) {
        name = "column_" + (i + 1);
      }
      String unique = name;
      for (int n = 2; !names.add(unique); n++) {
        unique = name + "_" + n;
      }
    }
    return List.copyOf(names);
  }

  private String noText(List<String> columns) {
    return mapping.noText(columns, "ReadFiles, config, columns: {text: [NAME]}");
  }

  private void row(Fields fields, String raw, String type, String where) {
    MappedRow mapped = mapping.map(fields);
    Document document = document(mapped.text(), raw, type);
    if (mapped.text().isBlank()) {
      out.rejected(
          ReadFiles.reject(
              document,
              RejectionCode.EMPTY,
              where + " has no text in " + String.join(", ", mapped.textColumns())));
      return;
    }
    List<Annotation> labels = new ArrayList<>();
    mapped.labels().forEach((kind, value) -> labels.add(label(kind, value)));
    out.row(document.plus(labels));
  }

  private static Annotation label(String kind, String value) {
    return new Annotation.Label(
        new Origin(PartId.TEXT, ReadFiles.NAME, ReadFiles.VERSION, ""), kind, value, Double.NaN);
  }

  /** The document of the next row; its digest is that of all its columns, not only of its text. */
  private Document document(String text, String raw, String type) {
    rows++;
    URI source = URI.create(uri + "#row=" + rows);
    byte[] bytes = raw.getBytes(UTF_8);
    Sha256 digest = Sha256.of(bytes);
    return new Document(
        DocumentId.of(source, digest),
        new Provenance(source, type, bytes.length, digest, List.of()),
        List.of(new TextPart(PartId.TEXT, PartId.TEXT, TextPart.Role.BODY, 0, text)),
        List.of());
  }

  private void rejectRow(String raw, String message) {
    String kept = raw.length() <= MAX_KEPT_CHARS ? raw : raw.substring(0, MAX_KEPT_CHARS);
    String type = isLines(name(uri)) ? JSONL_TYPE : CSV_TYPE;
    out.rejected(ReadFiles.reject(document(kept, kept, type), RejectionCode.BAD_ROW, message));
  }

  private void rejectFile(RejectionCode code, String message) throws IOException {
    Document file = ReadFiles.file(uri);
    out.rejected(
        ReadFiles.reject(
            file.withProvenance(
                file.provenance().withMediaType(isLines(name(uri)) ? JSONL_TYPE : CSV_TYPE)),
            code,
            message));
  }
}
