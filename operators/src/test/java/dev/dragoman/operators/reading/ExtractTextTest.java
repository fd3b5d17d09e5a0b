package dev.dragoman.operators.reading;

import static dev.dragoman.operators.reading.Papers.found;
import static dev.dragoman.operators.reading.Papers.member;
import static dev.dragoman.operators.reading.Papers.scanned;
import static dev.dragoman.operators.reading.Papers.typed;
import static dev.dragoman.operators.reading.Papers.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keeps the reading processes alive from one test to the next. */
  private static Operator first;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    first = ExtractText.Config.defaults().open(OperatorContext.local());
  }

  @AfterAll
  static void close() {
    first.close();
  }

  /** What came out of one file, flat: documents and rejections in order. */
  private record Found(List<Document> documents, List<Rejected> rejected) {
    Document only() {
      assertThat(rejected).isEmpty();
      assertThat(documents).hasSize(1);
      return documents.getFirst();
    }

    List<String> sources() {
      return documents.stream().map(document -> document.provenance().source().toString()).toList();
    }

    RejectionCode code() {
      assertThat(documents).isEmpty();
      assertThat(rejected).hasSize(1);
      return rejected.getFirst().failure().code();
    }
  }

  private static ExtractText.Config config(String json) throws IOException {
    return Configs.configure(ExtractText.Config.class, JSON.readTree(json));
  }

  private static Found read(String json, Document document) throws IOException {
    try (Operator operator = config(json).open(OperatorContext.local())) {
      List<Outcome> outcomes = operator.apply(List.of(document));
      assertThat(outcomes).hasSize(1);
      Found found = new Found(new ArrayList<>(), new ArrayList<>());
      collect(outcomes.getFirst(), found);
      return found;
    }
  }

  private static Found read(Document document) throws IOException {
    return read("{}", document);
  }

  private static void collect(Outcome outcome, Found into) {
    switch (outcome) {
      case Outcome.Enriched(Document document) -> into.documents().add(document);
      case Outcome.Failed(Rejected rejected) -> into.rejected().add(rejected);
      case Outcome.Expanded(List<Outcome> inner) -> inner.forEach(each -> collect(each, into));
    }
  }

  private static List<String> labels(Document document, String kind) {
    return document.annotationsOf(Annotation.Label.class).stream()
        .filter(label -> label.kind().equals(kind))
        .map(Annotation.Label::value)
        .toList();
  }

  @Test
  void aTextFileBecomesOneTextThatSaysWhoReadIt() throws Exception {
    Document letter = read(found("a.txt", Papers.text("Dear Sir,\r\nthe roof leaks."))).only();

    assertThat(letter.partsOf(TextPart.class))
        .containsExactly(
            new TextPart(
                PartId.TEXT, PartId.FILE, TextPart.Role.BODY, 0, "Dear Sir,\nthe roof leaks."));
    assertThat(letter.provenance().mediaType()).isEqualTo("text/plain");
    assertThat(letter.provenance().steps()).containsExactly(Step.done("ExtractText", "1", ""));
    assertThat(labels(letter, "skipped")).isEmpty();
  }

  @Test
  void pagesAreTextsAndAPageWithoutATextLayerIsAnImageForOcr() throws Exception {
    byte[] pdf = Papers.pdf(typed("The first page."), scanned("On paper"), typed("The last page."));
    Document report = read(found("report.pdf", pdf)).only();

    assertThat(report.parts().stream().map(Part::id).map(PartId::value))
        .containsExactly("file", "page:1", "page:2", "page:3");
    assertThat(report.partsOf(ImagePart.class))
        .containsExactly(
            new ImagePart(
                new PartId("page:2"), "application/pdf", new Content.SameAs(PartId.FILE), 2));
    assertThat(report.text()).isEqualTo("The first page.\n\nThe last page.");
    for (TextPart page : report.textParts()) {
      assertThat(report.text().substring(report.textOffset(page.id()))).startsWith(page.text());
      assertThat(page.id().value()).isEqualTo("page:" + page.page());
    }
    assertThat(labels(report, "title")).containsExactly("Roof repairs");
    assertThat(labels(report, "author")).containsExactly("J. de Vries");
    assertThat(labels(report, "pages")).containsExactly("3");
    assertThat(labels(report, "skipped"))
        .singleElement()
        .asString()
        .contains("without a text layer", "Ocr");
  }

  @Test
  void picturesAndSoundsAreKeptForOthersAndSayWhichStepTheyLack() throws Exception {
    Document picture = read(found("a.png", Papers.png(Papers.picture("Hello")))).only();
    byte[] wav = Arrays.copyOf(Papers.text("RIFF$\0\0\0WAVEfmt \20\0\0\0\1\0\1\0"), 44);
    Document sound = read(found("a.wav", wav)).only();

    assertThat(picture.partsOf(ImagePart.class))
        .extracting(ImagePart::id, ImagePart::mediaType, ImagePart::page)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(new PartId("image"), "image/png", 0));
    assertThat(labels(picture, "skipped"))
        .containsExactly("a picture was not read; put Ocr after ExtractText");
    assertThat(sound.partsOf(AudioPart.class)).hasSize(1);
    assertThat(sound.provenance().mediaType()).startsWith("audio/");
    assertThat(labels(sound, "skipped"))
        .containsExactly("a sound was not listened to; put Transcribe after ExtractText");
  }

  @Test
  void aMailBecomesItsTextAndADocumentForEachAttachment() throws Exception {
    String mail =
        """
        From: Anna de Boer <anna@example.org>
        Subject: The invoice
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=cut

        --cut
        Content-Type: text/plain

        See the attachment.
        --cut
        Content-Type: text/plain; name="r\u00e9sum\u00e9 1.txt"
        Content-Disposition: attachment; filename="invoice 1.txt"

        200 euros
        --cut--
        """;
    Found read = read(found("m.eml", Papers.text(mail.replace("\n", "\r\n"))));

    assertThat(read.rejected()).isEmpty();
    assertThat(read.sources())
        .containsExactly("file:///inbox/m.eml", "file:///inbox/m.eml!invoice%201.txt");
    assertThat(read.documents().getFirst().text()).contains("See the attachment.");
    assertThat(labels(read.documents().getFirst(), "title")).containsExactly("The invoice");
    assertThat(labels(read.documents().getFirst(), "author").getFirst()).contains("Anna de Boer");
    assertThat(read.documents().getLast().text().strip()).isEqualTo("200 euros");
  }

  @Test
  void containersInContainersAreOpenedAndEveryEntryIsADocumentOfItsOwn() throws Exception {
    byte[] inner = zip(member("sub/deep.txt", "deep down"));
    Found read =
        read(
            found(
                "a.zip",
                zip(
                    member("one.txt", "first"),
                    new Papers.Member("inner.zip", inner),
                    member("two.txt", "second"))));

    assertThat(read.rejected()).isEmpty();
    assertThat(read.sources())
        .containsExactly(
            "file:///inbox/a.zip",
            "file:///inbox/a.zip!one.txt",
            "file:///inbox/a.zip!inner.zip",
            "file:///inbox/a.zip!inner.zip!sub/deep.txt",
            "file:///inbox/a.zip!two.txt");
    assertThat(read.documents().stream().map(Document::text))
        .containsExactly("", "first", "", "deep down", "second");
    assertThat(read.documents())
        .allSatisfy(document ->
            assertThat(document.provenance().steps())
                .containsExactly(Step.done("ExtractText", "1", "")));
    assertThat(read.documents().get(2).provenance().digest()).isEqualTo(Sha256.of(inner));
    assertThat(read.documents().stream().map(Document::id)).doesNotHaveDuplicates();
  }

  @Test
  void namesOfEntriesArePercentEncodedInTheirAddresses() throws Exception {
    Found read =
        read(found("a.zip", zip(member("caf\u00e9 #1?.txt", "x"), member("100%!.txt", "y"))));

    assertThat(read.sources())
        .containsExactly(
            "file:///inbox/a.zip",
            "file:///inbox/a.zip!caf%C3%A9%20%231%3F.txt",
            "file:///inbox/a.zip!100%25%21.txt");
  }

  @Test
  void whatLiesTooDeepIsRejectedAndWhatLiesAboveIsKept() throws Exception {
    byte[] third = zip(member("c.txt", "third"));
    byte[] second = zip(member("b.txt", "second"), new Papers.Member("third.zip", third));
    Document file =
        found("a.zip", zip(member("a.txt", "first"), new Papers.Member("second.zip", second)));

    Found two = read("{\"max_depth\": 2}", file);
    assertThat(two.sources())
        .endsWith(
            "file:///inbox/a.zip!a.txt",
            "file:///inbox/a.zip!second.zip",
            "file:///inbox/a.zip!second.zip!b.txt",
            "file:///inbox/a.zip!second.zip!third.zip");
    assertThat(two.rejected())
        .singleElement()
        .satisfies(rejected -> {
          assertThat(rejected.failure().code()).isEqualTo(RejectionCode.TOO_DEEP);
          assertThat(rejected.failure().operator()).isEqualTo("ExtractText");
          assertThat(rejected.failure().message()).contains("2 containers deep", "max_depth");
          assertThat(rejected.document().provenance().source())
              .hasToString("file:///inbox/a.zip!second.zip!third.zip!c.txt");
        });
    Found none = read("{\"max_depth\": 0}", file);
    assertThat(none.sources()).containsExactly("file:///inbox/a.zip");
    assertThat(none.rejected())
        .extracting(rejected -> rejected.failure().code())
        .containsExactly(RejectionCode.TOO_DEEP, RejectionCode.TOO_DEEP);
  }

  @Test
  void aBrokenEntryCostsItselfOnly() throws Exception {
    byte[] cut = Arrays.copyOf(Papers.pdf(typed("A page of text.")), 300);
    Found read =
        read(
            found(
                "a.zip",
                zip(
                    member("a.txt", "first"),
                    new Papers.Member("cut.pdf", cut),
                    member("empty.txt", ""))));

    assertThat(read.sources()).containsExactly("file:///inbox/a.zip", "file:///inbox/a.zip!a.txt");
    assertThat(read.rejected())
        .extracting(rejected -> rejected.failure().code())
        .containsExactlyInAnyOrder(RejectionCode.CORRUPT, RejectionCode.EMPTY);
  }

  @Test
  void aLargeEntryIsRejectedAndItsNeighboursAreRead() throws Exception {
    Found read =
        read(
            "{\"max_entry_mb\": 1}",
            found(
                "a.zip",
                zip(member("big.txt", "word ".repeat(300_000)), member("b.txt", "small"))));

    assertThat(read.sources()).containsExactly("file:///inbox/a.zip", "file:///inbox/a.zip!b.txt");
    assertThat(read.rejected())
        .singleElement()
        .satisfies(rejected -> {
          assertThat(rejected.failure().code()).isEqualTo(RejectionCode.TOO_LARGE);
          assertThat(rejected.document().provenance().source()).asString().endsWith("!big.txt");
        });
  }

  /** Each archive keeps within the limit; together they do not. */
  @Test
  void whatAFileUnpacksToIsCountedOverAllLevels() throws Exception {
    String words = "word ".repeat(160_000);
    byte[] left = zip(member("left.txt", words));
    byte[] right = zip(member("right.txt", words));
    Found read =
        read(
            "{\"max_unpacked_mb\": 1}",
            found(
                "a.zip",
                zip(new Papers.Member("left.zip", left), new Papers.Member("right.zip", right))));

    assertThat(read.sources()).contains("file:///inbox/a.zip!left.zip!left.txt");
    assertThat(read.rejected())
        .singleElement()
        .satisfies(
            rejected -> assertThat(rejected.failure().code()).isEqualTo(RejectionCode.TOO_LARGE));
    assertThat(read.sources()).noneMatch(source -> source.endsWith("right.txt"));
  }

  @Test
  void textPagesAndEntriesBeyondTheLimitAreLeftOutAndSaidSo() throws Exception {
    Document text =
        read("{\"max_text_characters\": 10}", found("a.txt", Papers.text("0123456789 and more")))
            .only();
    assertThat(text.text()).isEqualTo("0123456789");
    assertThat(labels(text, "failed")).singleElement().asString().startsWith("TOO_LARGE");

    Document pages =
        read("{\"max_pages\": 1}", found("a.pdf", Papers.pdf(typed("One."), typed("Two.")))).only();
    assertThat(pages.text()).isEqualTo("One.");
    assertThat(labels(pages, "failed")).isNotEmpty();

    Found entries =
        read(
            "{\"max_entries\": 1}",
            found("a.zip", zip(member("a.txt", "a"), member("b.txt", "b"))));
    assertThat(entries.sources())
        .containsExactly("file:///inbox/a.zip", "file:///inbox/a.zip!a.txt");
    assertThat(labels(entries.documents().getFirst(), "failed")).isNotEmpty();
  }

  @Test
  void whatCannotBeReadIsRejectedAsItWasFound() throws Exception {
    Document empty = found("a.txt", new byte[0]);
    assertThat(read(empty).code()).isEqualTo(RejectionCode.EMPTY);
    assertThat(read(empty).rejected().getFirst().document()).isEqualTo(empty);
    assertThat(read(found("a.pdf", Papers.pdf("secret", typed("x")))).code())
        .isEqualTo(RejectionCode.ENCRYPTED);
    assertThat(read(found("a.pdf", Arrays.copyOf(Papers.pdf(typed("x")), 200))).code())
        .isEqualTo(RejectionCode.CORRUPT);
    assertThat(read(found("a.mid", Papers.text("MThd\0\0\0\6\0\0\0\1\0\30MTrk\0\0\0\0"))).code())
        .isEqualTo(RejectionCode.UNSUPPORTED);
    assertThat(read("{\"max_file_mb\": 1}", found("a.txt", new byte[2 << 20])).code())
        .isEqualTo(RejectionCode.TOO_LARGE);
    URI gone = folder.resolve("gone.txt").toUri();
    Sha256 digest = Sha256.of(new byte[1]);
    assertThat(
            read(Document.ofFile(
                    gone, "text/plain", 1, digest, new Content.Reference(gone, 1, digest)))
                .code())
        .isEqualTo(RejectionCode.UNREADABLE);
  }

  @Test
  void aRowOfATablePassesUntouched() throws Exception {
    Document row = Document.ofText(URI.create("file:///t.csv#row=1"), "text/plain", "hello");

    assertThat(read(row).only()).isEqualTo(row);
  }

  @Test
  void theSameFileGivesTheSameDocuments() throws Exception {
    Document file =
        found("a.zip", zip(member("a.txt", "first"), member("b.html", "<p>second</p>")));

    assertThat(read(file)).isEqualTo(read(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"max_depth\": -1}",
        "{\"max_file_mb\": 0}",
        "{\"max_entry_mb\": 2048}",
        "{\"max_unpacked_mb\": 0}",
        "{\"max_entries\": 0}",
        "{\"max_text_characters\": 0}",
        "{\"max_pages\": 0}",
        "{\"file_seconds\": 0}",
        "{\"worker_heap_mb\": 32}"
      })
  void aLimitThatMeansNothingIsRefusedWithItsName(String json) {
    String key = json.replaceAll("[^a-z_]", "");
    assertThatThrownBy(() -> config(json))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("ExtractText." + key);
  }
}
