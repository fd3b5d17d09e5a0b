package dev.dragoman.connectors.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.parquet.Table;
import dev.dragoman.connectors.parquet.TableReader;
import dev.dragoman.connectors.run.OutputSession.Mode;
import dev.dragoman.connectors.sql.Sql;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private static final PartId PAGE_1 = new PartId("page:1");
  private static final PartId PAGE_2 = new PartId("ocr:2");

  @TempDir Path folder;

  private Path out() {
    return folder.resolve("out");
  }

  private List<List<JsonNode>> sql(String query) throws IOException {
    List<List<JsonNode>> rows = new ArrayList<>();
    try (Sql sql = Sql.open(out());
        Sql.Rows results = sql.query(query)) {
      for (List<JsonNode> row = results.next(); row != null; row = results.next()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private String one(String query) throws IOException {
    return sql(query).getFirst().getFirst().asText();
  }

  /** Two pages, the first with characters beyond the basic plane. */
  private static Document invoice() {
    String first = "😀😀 Factuur";
    String second = "IBAN NL91 𝄞 ABNA";
    Document document =
        Samples.text("invoice.pdf", "x")
            .withParts(
                List.<Part>of(
                    new TextPart(PAGE_1, PartId.FILE, TextPart.Role.BODY, 1, first),
                    new TextPart(PAGE_2, PartId.FILE, TextPart.Role.OCR, 2, second),
                    new AudioPart(
                        new PartId("audio"),
                        "audio/wav",
                        new Content.Inline(new byte[100]),
                        12.5)));
    Origin words = new Origin(PAGE_2, "Ocr", "2", "");
    Origin embed = new Origin(PAGE_2, "Embed", "1", Samples.MODEL);
    return document
        .plus(
            List.of(
                new Annotation.Label(Samples.origin("DetectLanguage", ""), "language", "en", 0.4),
                new Annotation.Label(Samples.origin("DetectLanguage", ""), "language", "nl", 0.9),
                new Annotation.Label(
                    Samples.origin("Classify", Samples.MODEL), "category", "billing", 0.75),
                new Annotation.Rewrite(
                    Samples.origin("Summarize", ""), "summary", "Een factuur.", "nl", Double.NaN),
                new Annotation.Rewrite(
                    Samples.origin("MaskPii", ""), "masked", "IBAN ***", "nl", Double.NaN),
                new Annotation.Region(words, "word", "ABNA", 0.5, 13, 17, 2, 10.5, 20, 30, 40),
                new Annotation.Interval(
                    new Origin(new PartId("audio"), "Transcribe", "1", "vosk"),
                    "segment",
                    "hallo",
                    Double.NaN,
                    -1,
                    -1,
                    0.5,
                    1.5),
                new Annotation.Chunk(
                    new Origin(PAGE_2, "Chunk", "1", ""),
                    0,
                    second,
                    0,
                    second.length(),
                    2,
                    Double.NaN,
                    Double.NaN,
                    new Annotation.Embedding(embed, new float[] {0.6f, 0.8f}))))
        .with(Step.done("Classify", "1", Samples.MODEL))
        .with(Step.skipped("Transcribe", "1", "vosk", "no model; pull one"));
  }

  @Test
  void columnsAreThoseThatUsersRelyOn() {
    assertThat(Table.DOCUMENTS.columns())
        .startsWith(
            "document_id,source_uri,media_type,size_bytes,sha256,title,language,language_confidence,text,translation,translation_language,summary,category,category_confidence,sentiment,sentiment_confidence,masked_text,pages,duration_seconds,recipe_digest,models"
                .split(","));
    assertThat(Table.CHUNKS.columns())
        .startsWith(
            "chunk_id,document_id,ordinal,text,start_offset,end_offset,page,start_seconds,end_seconds,embedding,embedding_model"
                .split(","));
    assertThat(Table.ANNOTATIONS.columns())
        .startsWith(
            "annotation_id,document_id,operator,operator_version,model,kind,value,confidence,start_offset,end_offset,page,x,y,width,height,start_seconds,end_seconds"
                .split(","));
    assertThat(Table.REJECTED.columns())
        .startsWith("document_id,source_uri,operator,code,message,attempts,payload".split(","));
  }

  @Test
  void documentRowHoldsTheNewestOfEverything() throws IOException {
    Samples.write(out(), Mode.FRESH, List.of(invoice()), List.of());

    assertThat(
            sql("SELECT language, language_confidence, category, category_confidence, summary, masked_text,"
                    + " pages, duration_seconds, recipe_digest, models, steps, skipped, translation,"
                    + " sentiment_confidence, title FROM documents")
                .toString())
        .isEqualTo(
            "[[\"nl\", 0.9, \"billing\", 0.75, \"Een factuur.\", \"IBAN ***\", 2, 12.5, \""
                + Samples.RECIPE
                + "\", [\"all-minilm-l6-v2\"], [\"Classify\",\"Transcribe\"], [\"Transcribe: no model; pull one\"], null,"
                + " null, null]]");
    assertThat(one("SELECT text FROM documents")).isEqualTo(invoice().text());
  }

  @Test
  void offsetsAreCodePointsIntoTheTextOfTheDocument() throws IOException {
    Samples.write(out(), Mode.FRESH, List.of(invoice()), List.of());

    // DuckDB's substring counts code points from 1.
    assertThat(
            one(
                "SELECT substring(d.text, a.start_offset + 1, a.end_offset - a.start_offset)"
                    + " FROM annotations a JOIN documents d USING (document_id) WHERE kind = 'word'"))
        .isEqualTo("ABNA");
    assertThat(
            one(
                "SELECT substring(d.text, c.start_offset + 1, c.end_offset - c.start_offset) = c.text"
                    + " FROM chunks c JOIN documents d USING (document_id)"))
        .isEqualTo("true");
    assertThat(
            sql("SELECT page, x, y, width, height, start_seconds FROM annotations WHERE kind = 'word'")
                .toString())
        .isEqualTo("[[2, 10.5, 20.0, 30.0, 40.0, null]]");
    assertThat(
            sql("SELECT start_offset, end_offset, confidence, start_seconds, end_seconds, model FROM annotations WHERE kind = 'segment'")
                .toString())
        .isEqualTo("[[null, null, null, 0.5, 1.5, \"vosk\"]]");
  }

  @Test
  void embeddingsAreListsOfFloats() throws IOException {
    Samples.write(out(), Mode.FRESH, List.of(invoice()), List.of());

    assertThat(sql("SELECT embedding, embedding_model, typeof(embedding) FROM chunks").toString())
        .isEqualTo("[[[0.6,0.8], \"all-minilm-l6-v2\", \"FLOAT[]\"]]");
    assertThat(one("SELECT list_cosine_similarity(embedding, [0.6, 0.8]::FLOAT[]) FROM chunks"))
        .startsWith("1.0");
  }

  @Test
  void equalFindingsHaveIdsOfTheirOwn() throws IOException {
    Annotation word =
        new Annotation.TextSpan(Samples.origin("MaskPii", ""), "email", "a@b.nl", 1, 0, 6);
    Document twice = Samples.text("a.txt", "a@b.nl").plus(List.of(word, word));

    Samples.write(out(), Mode.FRESH, List.of(twice), List.of());

    assertThat(one("SELECT count(DISTINCT annotation_id) FROM annotations")).isEqualTo("2");
  }

  @Test
  void emptyRunStillSaysItsColumns() throws IOException {
    RunReport report = Samples.write(out(), Mode.FRESH, List.of(), List.of());

    assertThat(report.documentsIn()).isZero();
    for (Table table : Table.values()) {
      List<String> columns = new ArrayList<>();
      for (List<JsonNode> row : sql("DESCRIBE " + table.folder())) {
        columns.add(row.getFirst().asText());
      }
      assertThat(columns).isEqualTo(table.columns());
    }
  }

  @Test
  void sameDocumentsInAnyOrderGiveTheSameBytes() throws IOException {
    List<Document> documents =
        new ArrayList<>(
            IntStream.range(0, 200)
                .mapToObj(i -> Samples.embedded(Samples.text(i + ".txt", "tekst " + i), 0.6f, 0.8f))
                .toList());
    Samples.write(
        out(), Mode.FRESH, documents, List.of(Samples.rejected("x.pdf", RejectionCode.CORRUPT)));
    Collections.shuffle(documents, new Random(7));
    Path other = folder.resolve("other");
    Samples.write(
        other, Mode.FRESH, documents, List.of(Samples.rejected("x.pdf", RejectionCode.CORRUPT)));

    for (Table table : Table.values()) {
      assertThat(TableReader.files(out(), table)).hasSize(1);
      Path file = TableReader.files(out(), table).getFirst();
      assertThat(TableReader.files(other, table).getFirst()).hasSameBinaryContentAs(file);
    }
    assertThat(one("SELECT count(*) FROM documents")).isEqualTo("200");
    assertThat(one("SELECT list(document_id) = list_sort(list(document_id)) FROM documents"))
        .isEqualTo("true");
  }

  @Test
  void moreDataMakesMoreFilesAndNoEmptyOnes() throws IOException {
    List<Document> documents =
        IntStream.range(0, 100).mapToObj(i -> Samples.text(i + ".txt", "tekst " + i)).toList();
    try (OutputSession session = OutputSession.begin(out(), Mode.FRESH, Samples.RECIPE)) {
      session.shardBytes(5_000);
      Samples.journal(session, documents, List.of());
      session.commit(Samples.facts());
    }

    assertThat(TableReader.files(out(), Table.DOCUMENTS)).hasSizeGreaterThan(2);
    assertThat(TableReader.files(out(), Table.CHUNKS)).hasSize(1);
    assertThat(one("SELECT count(DISTINCT document_id) FROM documents")).isEqualTo("100");
  }

  @Test
  void filesAreZstdWithStatisticsAndPageIndexes() throws IOException {
    Samples.write(out(), Mode.FRESH, List.of(invoice()), List.of());
    Path file = TableReader.files(out(), Table.DOCUMENTS).getFirst();

    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new LocalInputFile(file),
            ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      for (ColumnChunkMetaData column : reader.getFooter().getBlocks().getFirst().getColumns()) {
        assertThat(column.getCodec()).isEqualTo(CompressionCodecName.ZSTD);
        assertThat(column.getOffsetIndexReference()).isNotNull();
      }
      ColumnChunkMetaData id = reader.getFooter().getBlocks().getFirst().getColumns().getFirst();
      assertThat(id.getStatistics().genericGetMin()).isNotNull();
      assertThat(reader.readColumnIndex(id)).isNotNull();
    }
  }

  @Test
  void rejectedRowHoldsWhatAReplayNeeds() throws IOException {
    var rejected = Samples.rejected("kapot.pdf", RejectionCode.CORRUPT);
    RunReport report = Samples.write(out(), Mode.FRESH, List.of(invoice()), List.of(rejected));

    assertThat(sql("SELECT code, operator, message, attempts, source_uri FROM rejected").toString())
        .isEqualTo(
            "[[\"CORRUPT\", \"ExtractText\", \"it is broken: kapot.pdf\", 1, \"file:///in/kapot.pdf\"]]");
    assertThat(report.documentsIn()).isEqualTo(2);
    assertThat(report.rejectedByCode()).containsEntry(RejectionCode.CORRUPT, 1L);
    assertThat(Files.readString(out().resolve("run.json")))
        .contains("\"documents_in\" : 2", "\"documents_out\" : 1", "\"rejected\" : 1");
  }
}
