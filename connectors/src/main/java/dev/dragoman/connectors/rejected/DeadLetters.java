package dev.dragoman.connectors.rejected;

import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.parquet.Table;
import dev.dragoman.connectors.parquet.TableReader;
import dev.dragoman.connectors.run.RunDirectory;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.beam.sdk.util.CoderUtils;

/**
 * The rejections of an output folder.
 *
 * @param folder of the output
 */
public record DeadLetters(Path folder) {
  private static final String[] WITHOUT_PAYLOAD = {
    "document_id", "source_uri", "operator", "code", "message", "attempts"
  };

  /** A rejection without its document. */
  public record Letter(
      DocumentId documentId,
      String sourceUri,
      String operator,
      RejectionCode code,
      String message,
      int attempts) {}

  /**
   * Opens the rejections.
   *
   * @throws UsageException if no run has finished in the folder
   */
  public static DeadLetters open(Path folder) throws IOException {
    return new DeadLetters(RunDirectory.open(folder).folder());
  }

  /** Goes through them in the order they are written. */
  public void list(Consumer<Letter> to) throws IOException {
    try (TableReader rows = new TableReader(folder, Table.REJECTED, WITHOUT_PAYLOAD)) {
      for (TableReader.Row row = rows.next(); row != null; row = rows.next()) {
        to.accept(letter(row));
      }
    }
  }

  /**
   * Finds one with all that was known of its document.
   *
   * @param id a document id, or enough of its beginning
   * @throws UsageException if no rejection, or more than one, has such an id
   */
  public Rejected show(String id) throws IOException {
    String prefix = id.strip().toLowerCase(Locale.ROOT);
    List<DocumentId> matches = new ArrayList<>();
    list(letter -> {
      if (letter.documentId().value().startsWith(prefix)) {
        matches.add(letter.documentId());
      }
    });
    if (matches.isEmpty() || prefix.isEmpty()) {
      throw new UsageException(
          "no rejected document has the id " + id + "; 'dragoman rejected DIR list' shows them");
    }
    if (matches.size() > 1) {
      throw new UsageException(
          matches.size()
              + " rejected documents have ids that begin with "
              + id
              + "; give more of it");
    }
    List<Rejected> found = new ArrayList<>();
    payloads(letter -> letter.documentId().equals(matches.getFirst()), found::add);
    return found.getFirst();
  }

  /**
   * Decodes those that are wanted, as they were when they failed, to be run again.
   *
   * @param wanted asked before the document is decoded
   */
  public void payloads(Predicate<Letter> wanted, Consumer<Rejected> to) throws IOException {
    String[] columns = Table.REJECTED.columns().toArray(String[]::new);
    try (TableReader rows = new TableReader(folder, Table.REJECTED, columns)) {
      for (TableReader.Row row = rows.next(); row != null; row = rows.next()) {
        if (wanted.test(letter(row))) {
          to.accept(CoderUtils.decodeFromByteArray(RejectedCoder.of(), row.bytes("payload")));
        }
      }
    }
  }

  private static Letter letter(TableReader.Row row) {
    return new Letter(
        new DocumentId(row.text("document_id")),
        row.text("source_uri"),
        row.text("operator"),
        RejectionCode.valueOf(row.text("code")),
        row.text("message"),
        row.integer("attempts"));
  }
}
