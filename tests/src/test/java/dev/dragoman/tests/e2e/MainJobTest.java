package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code dragoman enrich samples --out out} makes of the samples. */
class MainJobTest {
  private final SampleRun run = SampleRun.get();

  @Test
  void whatWentInCameOutOrWasRejected() {
    JsonNode report = run.report();
    long out = run.value("SELECT count(*) FROM documents").asLong();
    long rejected = run.value("SELECT count(*) FROM rejected").asLong();
    assertThat(report.get("documents_out").asLong()).isEqualTo(out);
    assertThat(report.get("rejected").asLong()).isEqualTo(rejected);
    assertThat(report.get("documents_in").asLong()).isEqualTo(out + rejected);
    assertThat(run.value("SELECT count(DISTINCT document_id) FROM documents").asLong())
        .isEqualTo(out);
  }

  @Test
  void everyFileIsAccountedFor() throws IOException {
    List<String> sources =
        run
            .rows("SELECT source_uri FROM documents UNION ALL SELECT source_uri FROM rejected")
            .stream()
            .map(row -> row.getFirst().asText())
            .toList();
    try (Stream<Path> files = Files.walk(Cli.repository().resolve("samples"))) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(40);
      assertThat(all)
          .allSatisfy(file ->
              assertThat(sources).anyMatch(source -> source.startsWith(file.toUri().toString())));
    }
  }

  @ParameterizedTest(name = "broken/{0} is rejected as {1}")
  @CsvSource({
    "empty.txt, EMPTY",
    "no-samples.wav, EMPTY",
    "encrypted.pdf, ENCRYPTED",
    "huge-60000x60000.png, TOO_LARGE",
    "bomb.zip, TOO_LARGE",
    "nested-thirty-deep.zip, TOO_DEEP",
    "truncated.pdf, CORRUPT",
    "cyclic-pages.pdf, CORRUPT",
    "noise-named.docx, CORRUPT",
    "broken-rows.jsonl, BAD_ROW"
  })
  void aBrokenFileIsRejectedWithACodeAndAReason(String name, String code) {
    List<List<JsonNode>> rows =
        run.rows(
            "SELECT code, message, operator FROM rejected WHERE source_uri LIKE '%broken/"
                + name
                + "%'");
    assertThat(rows).as(name).isNotEmpty();
    assertThat(rows).allSatisfy(row -> assertThat(row.get(0).asText()).isEqualTo(code));
    assertThat(rows)
        .allSatisfy(row ->
            assertThat(row.get(1).asText())
                .hasSizeGreaterThan(20)
                .doesNotContain("Exception")
                .doesNotContain("\tat "));
  }

  @Test
  void whatIsLeftOfATruncatedFileIsKeptAndSaysSo() {
    List<List<JsonNode>> rows =
        run.rows(
            "SELECT d.text, a.value FROM documents d JOIN annotations a USING (document_id)"
                + " WHERE a.kind = 'failed' AND d.source_uri LIKE '%broken/truncated.docx'");
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().get(0).asText()).contains("roof");
    assertThat(rows.getFirst().get(1).asText()).startsWith("CORRUPT").contains("in part");
  }

  @Test
  void aKoreanMessageIsWrittenDownWithTimes() {
    String korean = "d.source_uri LIKE '%message-korean-16khz.wav'";
    assertThat(run.value("SELECT text FROM documents d WHERE " + korean).asText())
        .containsPattern("[\\uac00-\\ud7a3]{2}");
    assertThat(
            run.value(
                    "SELECT count(*) FROM annotations a JOIN documents d USING (document_id)"
                        + " WHERE a.kind = 'word' AND a.model = 'vosk-ko' AND a.end_seconds > 0"
                        + " AND a.start_seconds < a.end_seconds AND a.confidence <= 1 AND "
                        + korean)
                .asLong())
        .isGreaterThan(5);
  }

  @Test
  void aPictureWithAWrongEndingIsReadByWhatItIs() {
    List<List<JsonNode>> rows =
        run.rows(
            "SELECT media_type, length(text) FROM documents"
                + " WHERE source_uri LIKE '%broken/png-named.pdf'");
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().get(0).asText()).isEqualTo("image/png");
  }

  @ParameterizedTest(name = "{0} holds \"{1}\"")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scans/brief-parkeervergunning.png     | parkeervergunning | nl
          scans/letter-claim-skewed.png         | claim             | en
          scans/invoice-rotated.jpg             | invoice           | en
          scans/factuur-tabel.png               | factuur           | nl
          scans/receipt-exif-rotated.jpg        | total             | en
          scans/scanned-image-only.pdf          | gemeente          | nl
          documents/rapport-klanttevredenheid.pdf | klant           | nl
          documents/memo.rtf                    | the               | en
          """)
  void textIsReadAndItsLanguageKnown(String file, String word, String language) {
    List<List<JsonNode>> rows =
        run.rows(
            "SELECT lower(text), language, language_confidence FROM documents"
                + " WHERE source_uri LIKE '%samples/"
                + file
                + "'");
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().get(0).asText()).contains(word);
    assertThat(rows.getFirst().get(1).asText()).isEqualTo(language);
    assertThat(rows.getFirst().get(2).asDouble()).isBetween(0.3, 1.0);
  }

  @Test
  void theScannedPageOfAMixedPdfIsRecognisedAndTheOtherIsNot() {
    String mixed = "documents/mixed-text-and-scan.pdf";
    assertThat(
            run.rows(
                "SELECT DISTINCT a.page FROM annotations a JOIN documents d USING (document_id)"
                    + " WHERE a.kind = 'word' AND d.source_uri LIKE '%"
                    + mixed
                    + "'"))
        .containsExactly(List.of(com.fasterxml.jackson.databind.node.IntNode.valueOf(2)));
    assertThat(
            run.value("SELECT pages FROM documents WHERE source_uri LIKE '%" + mixed + "'").asInt())
        .isEqualTo(2);
  }

  @Test
  void containersAreOpenedAndEachEntryIsADocument() {
    assertThat(
            run.value("SELECT count(*) FROM documents WHERE source_uri LIKE '%bundle.zip!%'")
                .asLong())
        .isGreaterThanOrEqualTo(2);
    assertThat(
            run.value(
                    "SELECT count(*) FROM documents WHERE source_uri LIKE '%klacht-lekkage.eml!%'")
                .asLong())
        .isGreaterThanOrEqualTo(2);
    assertThat(
            run.value("SELECT count(*) FROM documents WHERE source_uri LIKE '%inbox.mbox!%'")
                .asLong())
        .isGreaterThanOrEqualTo(2);
    assertThat(
            run.value("SELECT title FROM documents WHERE source_uri LIKE '%klacht-lekkage.eml'")
                .asText())
        .isNotEmpty();
  }

  @Test
  void everyTicketIsADocumentInItsLanguage() {
    assertThat(
            run.value("SELECT count(*) FROM documents WHERE source_uri LIKE '%tickets.jsonl#row=%'")
                .asLong())
        .isEqualTo(200);
    assertThat(
            run
                .rows(
                    "SELECT language FROM documents WHERE source_uri LIKE '%tickets.jsonl#row=%'"
                        + " GROUP BY 1 HAVING count(*) > 5")
                .stream()
                .map(row -> row.getFirst().asText()))
        .contains("nl", "en", "pt");
  }

  @Test
  void anEnglishCallIsWrittenDownWithItsTwoSpeakers() {
    String call = "d.source_uri LIKE '%call-billing-stereo%'";
    assertThat(run.value("SELECT lower(text) FROM documents d WHERE " + call).asText())
        .contains("money back", "thank you");
    assertThat(
            run.rows(
                    "SELECT DISTINCT a.value FROM annotations a JOIN documents d"
                        + " USING (document_id) WHERE a.kind = 'speaker'"
                        + " AND a.model = 'whisper-tiny.en' AND "
                        + call)
                .size())
        .isEqualTo(2);
  }

  @Test
  void aVoicemailIsWrittenDown() {
    assertThat(
            run.value(
                    "SELECT lower(text) FROM documents"
                        + " WHERE source_uri LIKE '%voicemail-delivery%'")
                .asText())
        .contains("message about my order", "before friday");
  }

  @Test
  void personalDataIsMaskedAndNotRepeatedInTheFindings() {
    assertThat(
            run
                .rows(
                    "SELECT DISTINCT kind FROM annotations WHERE operator = 'MaskPii'"
                        + " AND kind NOT IN ('masked')")
                .stream()
                .map(row -> row.getFirst().asText()))
        .contains("email", "phone", "iban", "bsn", "card");
    assertThat(
            run.value(
                    "SELECT count(*) FROM annotations WHERE operator = 'MaskPii'"
                        + " AND regexp_matches(value, '[A-Z]{2}[0-9]{2}[A-Z]{4}[0-9]{8,}')")
                .asLong())
        .isZero();
    assertThat(
            run.value(
                    "SELECT count(*) FROM documents WHERE masked_text IS NOT NULL"
                        + " AND regexp_matches(masked_text, '[a-z.]+@[a-z]+\\.[a-z]+')")
                .asLong())
        .isZero();
  }

  @Test
  void aFindingsOffsetsPointIntoTheTextOfItsDocument() {
    assertThat(
            run.value(
                    "SELECT count(*) FROM chunks c JOIN documents d USING (document_id)"
                        + " WHERE c.text <> substr(d.text, c.start_offset + 1,"
                        + " c.end_offset - c.start_offset)")
                .asLong())
        .isZero();
    assertThat(run.value("SELECT count(*) FROM chunks").asLong()).isGreaterThan(200);
    assertThat(
            run.value(
                    "SELECT count(*) FROM annotations a JOIN documents d USING (document_id)"
                        + " WHERE a.kind IN ('word', 'sentence') AND a.start_offset IS NOT NULL"
                        + " AND a.value <> substr(d.text, a.start_offset + 1,"
                        + " a.end_offset - a.start_offset)")
                .asLong())
        .isZero();
  }

  @Test
  void everyFindingSaysWhoMadeIt() {
    assertThat(
            run.value(
                    "SELECT count(*) FROM annotations WHERE operator IS NULL OR operator = ''"
                        + " OR operator_version IS NULL OR kind IS NULL")
                .asLong())
        .isZero();
    assertThat(
            run.value(
                    "SELECT count(*) FROM annotations a LEFT JOIN documents d USING (document_id)"
                        + " WHERE d.document_id IS NULL")
                .asLong())
        .isZero();
  }

  @Test
  void everyPassageHasAnEmbeddingOfUnitLength() {
    assertThat(
            run.value(
                    "SELECT count(*) FROM chunks WHERE embedding_model <> 'multilingual-e5-small'"
                        + " OR len(embedding) <> 384"
                        + " OR abs(list_inner_product(embedding, embedding) - 1) > 1e-3")
                .asLong())
        .isZero();
  }

  @Test
  void nearDuplicatesPointToAnotherDocument() {
    assertThat(run.value("SELECT count(*) FROM annotations WHERE kind = 'duplicate_of'").asLong())
        .isGreaterThan(3);
    assertThat(
            run.value(
                    "SELECT count(*) FROM annotations a LEFT JOIN documents d"
                        + " ON d.document_id = a.value WHERE a.kind = 'duplicate_of'"
                        + " AND (d.document_id IS NULL OR a.value = a.document_id)")
                .asLong())
        .isZero();
  }

  @Test
  void documentsAreSummarisedAndClassifiedWithAConfidence() {
    assertThat(run.value("SELECT count(*) FROM documents WHERE summary IS NOT NULL").asLong())
        .isGreaterThan(200);
    assertThat(
            run.rows(
                    "SELECT DISTINCT category FROM documents WHERE category IS NOT NULL"
                        + " AND category_confidence BETWEEN 0 AND 1")
                .size())
        .isGreaterThan(3);
  }

  @Test
  void photographsAreKeptWithoutInventedText() {
    assertThat(run.rows("SELECT text FROM documents WHERE source_uri LIKE '%samples/photos/%'"))
        .hasSize(3)
        .allSatisfy(row -> assertThat(row.getFirst().asText("").length()).isLessThan(40));
  }

  @Test
  void itTellsWhatItFoundAndWhere() {
    assertThat(run.result().out())
        .contains("documents enriched")
        .contains("languages")
        .contains("rejected")
        .contains("dragoman search");
    assertThat(run.result().err()).doesNotContain("\tat ").doesNotContain("Exception");
  }

  @Test
  void whatWasWrittenCanBeSearchedByWordsAndByMeaning() {
    String out = run.out().toString();
    Cli.Result words =
        Cli.dragoman().run("search", out, "facturen", "--mode", "text", "--json", "--top", "5");
    assertThat(words.code()).as(words.err()).isZero();
    assertThat(words.json()).isNotEmpty();
    Cli.Result meaning =
        Cli.dragoman()
            .run(
                "search",
                out,
                "my package arrived in pieces",
                "--mode",
                "vector",
                "--json",
                "--top",
                "5");
    assertThat(meaning.code()).as(meaning.err()).isZero();
    assertThat(meaning.json()).hasSize(5);
    Cli.Result filtered =
        Cli.dragoman()
            .run("search", out, "factuur", "--filter", "language=nl", "--json", "--top", "20");
    assertThat(filtered.json())
        .isNotEmpty()
        .allSatisfy(hit -> assertThat(hit.get("language").asText()).isEqualTo("nl"));
  }
}
