package dev.dragoman.connectors.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReaderTest {
  @TempDir Path folder;

  /** What came out of a table. */
  private static final class Result implements RowReader.Output {
    final List<Document> rows = new ArrayList<>();
    final List<Rejected> rejected = new ArrayList<>();

    @Override
    public void row(Document document) {
      rows.add(document);
    }

    @Override
    public void rejected(Rejected one) {
      rejected.add(one);
    }

    List<String> texts() {
      return rows.stream().map(Document::text).toList();
    }

    List<RejectionCode> codes() {
      return rejected.stream().map(one -> one.failure().code()).toList();
    }

    String message() {
      assertThat(rejected).hasSize(1);
      return rejected.getFirst().failure().message();
    }
  }

  private Result read(String name, byte[] bytes, RowMapping mapping) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, bytes);
    Result result = new Result();
    RowReader.read(file.toUri(), mapping, result);
    return result;
  }

  private Result read(String name, String text) throws IOException {
    return read(name, text.getBytes(UTF_8), RowMapping.guessed());
  }

  private static List<String> labels(Document document) {
    return document.annotationsOf(Annotation.Label.class).stream()
        .map(label -> label.kind() + "=" + label.value())
        .toList();
  }

  @Test
  void csvRowIsADocumentWithItsColumnsAsLabels() throws IOException {
    Result result =
        read(
            "t.csv",
            "id,Subject,Body,lang,empty\n7,Hallo,\"Eerste regel,\n\"\"tweede\"\"\",nl-NL,\n8,,Tweede,Dutch,x\n");

    assertThat(result.texts()).containsExactly("Eerste regel,\n\"tweede\"", "Tweede");
    assertThat(labels(result.rows.get(0)))
        .containsExactly("column:id=7", "title=Hallo", "language=nl");
    assertThat(labels(result.rows.get(1)))
        .containsExactly("column:id=8", "column:lang=Dutch", "column:empty=x");
    assertThat(result.rows.get(1).provenance().source().toString()).endsWith("t.csv#row=2");
    assertThat(result.rejected).isEmpty();
  }

  @Test
  void jsonRowKeepsNumbersAndNestedValues() throws IOException {
    Result result =
        read(
            "t.jsonl",
            "{\"text\":\"één\",\"n\":1.50,\"ok\":true,\"tags\":[\"a\",1],\"none\":null}\r\n\r\n{\"message\":\"twee\"}");

    assertThat(result.texts()).containsExactly("één", "twee");
    assertThat(labels(result.rows.getFirst()))
        .containsExactly("column:n=1.5", "column:ok=true", "column:tags=[\"a\",1]");
    assertThat(result.rows.get(1).provenance().source().toString()).endsWith("#row=2");
  }

  @Test
  void idDependsOnAllColumns() throws IOException {
    Document one = read("t.jsonl", "{\"text\":\"a\",\"n\":1}").rows.getFirst();
    Document same = read("t.jsonl", "{\"text\":\"a\",\"n\":1}").rows.getFirst();
    Document other = read("t.jsonl", "{\"text\":\"a\",\"n\":2}").rows.getFirst();

    assertThat(one).isEqualTo(same);
    assertThat(one.id()).isNotEqualTo(other.id());
  }

  @Test
  void brokenJsonRowNamesItsLineAndSparesTheOthers() throws IOException {
    Result result =
        read("t.ndjson", "{\"text\":\"a\"}\n{\"text\": oops}\n[1]\n{\"text\":\"b\"}\n{\"x\":1}\n");

    assertThat(result.texts()).containsExactly("a", "b", "x: 1");
    assertThat(result.codes()).containsExactly(RejectionCode.BAD_ROW, RejectionCode.BAD_ROW);
    assertThat(result.rejected.get(0).failure().message()).startsWith("line 2 is not JSON");
    assertThat(result.rejected.get(0).document().text()).isEqualTo("{\"text\": oops}");
    assertThat(result.rejected.get(1).failure().message()).contains("line 3", "array");
  }

  @Test
  void csvRowWithTooManyValuesNamesItsLineAndSparesTheOthers() throws IOException {
    Result result = read("t.csv", "id,text\n1,a\n2,b,c\n3\n4,d\n");

    assertThat(result.texts()).containsExactly("a", "d");
    assertThat(result.codes()).containsExactly(RejectionCode.BAD_ROW, RejectionCode.BAD_ROW);
    assertThat(result.rejected.getFirst().failure().message())
        .contains("line 3 has 3 values, the header names 2 columns");
    assertThat(result.rejected.getFirst().document().text()).isEqualTo("2,b,c");
  }

  @Test
  void quoteThatIsNeverClosedCostsTheRestAndSaysSo() throws IOException {
    Result result = read("t.csv", "id,text\n1,a\n2,\"b\n3,c\n");

    assertThat(result.texts()).containsExactly("a");
    assertThat(result.codes()).containsExactly(RejectionCode.BAD_ROW);
    assertThat(result.message()).contains("after row 1", "quotes");
  }

  @Test
  void endlessQuoteIsStoppedAtTheLimit() throws IOException {
    StringBuilder text = new StringBuilder("id,text\n1,a\n2,\"");
    text.append("regel\n".repeat(RowReader.MAX_ROW_CHARS / 5));
    Result result = read("t.csv", text.toString());

    assertThat(result.texts()).containsExactly("a");
    assertThat(result.message()).contains("longer than");
  }

  @Test
  void endlessLineIsPassedOver() throws IOException {
    Result result =
        read(
            "t.jsonl",
            "{\"text\":\"a\"}\n{\"text\":\""
                + "x".repeat(RowReader.MAX_ROW_CHARS)
                + "\"}\n{\"text\":\"b\"}\n");

    assertThat(result.texts()).containsExactly("a", "b");
    assertThat(result.message()).startsWith("line 2 is longer than");
    assertThat(result.rejected.getFirst().document().text()).hasSizeLessThan(100_000);
  }

  @Test
  void deepNestingIsABrokenRow() throws IOException {
    Result result = read("t.jsonl", "{\"text\":" + "[".repeat(100_000) + "\n{\"text\":\"b\"}");

    assertThat(result.texts()).containsExactly("b");
    assertThat(result.codes()).containsExactly(RejectionCode.BAD_ROW);
  }

  @Test
  void tableWithoutATextColumnIsReadARowAtATime() throws IOException {
    Result result = read("t.csv", "id,price\n1,2\n");

    assertThat(result.texts()).containsExactly("id: 1\nprice: 2");
    assertThat(result.codes()).isEmpty();
  }

  @Test
  void linesWithoutRowsAreEmptyToo() throws IOException {
    assertThat(read("t.jsonl", "\n \n").codes()).containsExactly(RejectionCode.EMPTY);
    assertThat(read("t.jsonl", "{\"text\":\" \"}").codes()).containsExactly(RejectionCode.EMPTY);
  }

  @Test
  void columnsCanBeNamed() throws IOException {
    RowMapping mapping = new RowMapping(List.of("vraag", "antwoord"), "kop", "taal", false);
    Result result =
        read(
            "t.csv",
            "text;vraag;antwoord;kop;taal\nx;Waarom?;Daarom.;Titel;nl\n".getBytes(UTF_8),
            mapping);

    assertThat(result.texts()).containsExactly("Waarom?\n\nDaarom.");
    assertThat(labels(result.rows.getFirst())).containsExactly("title=Titel", "language=nl");
    assertThat(read("t.csv", "text\nx\n".getBytes(UTF_8), mapping).message())
        .contains("vraag, antwoord");
  }

  @Test
  void delimiterIsJudgedByTheHeader() throws IOException {
    assertThat(read("a.csv", "id;text\n1;a,b\n").texts()).containsExactly("a,b");
    assertThat(read("b.csv", "id|text\n1|a\n").texts()).containsExactly("a");
    assertThat(read("c.tsv", "id\ttext\n1\ta;b\n").texts()).containsExactly("a;b");
    assertThat(read("d.csv", "text\nalleen\n").texts()).containsExactly("alleen");
  }

  @Test
  void headersMayRepeatOrBeEmpty() throws IOException {
    assertThat(labels(read("t.csv", "text,,n,n\na,b,c,d\n").rows.getFirst()))
        .containsExactly("column:column_2=b", "column:n=c", "column:n_2=d");
  }

  private static byte[] marked(int[] mark, String text, Charset charset) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arrays.stream(mark).forEach(out::write);
    out.writeBytes(text.getBytes(charset));
    return out.toByteArray();
  }

  @Test
  void encodingsAreRecognised() throws IOException {
    String table = "id,text\n1,crème brûlée\n";
    RowMapping guessed = RowMapping.guessed();
    for (byte[] bytes :
        List.of(
            table.getBytes(UTF_8),
            marked(new int[] {0xef, 0xbb, 0xbf}, table, UTF_8),
            marked(new int[] {0xff, 0xfe}, table, UTF_16LE),
            marked(new int[] {0xfe, 0xff}, table, UTF_16BE),
            table.getBytes(UTF_16LE),
            table.getBytes(ISO_8859_1))) {
      assertThat(read("t.csv", bytes, guessed).texts()).containsExactly("crème brûlée");
    }
    assertThat(
            read(
                    "t.jsonl",
                    marked(new int[] {0xef, 0xbb, 0xbf}, "{\"text\":\"é\"}", UTF_8),
                    guessed)
                .texts())
        .containsExactly("é");
  }

  @Test
  void latinLetterFarIntoAFileDecidesItsEncoding() throws IOException {
    String table = "text\n" + "gewoon\n".repeat(20_000) + "één\n";

    assertThat(read("t.csv", table.getBytes(ISO_8859_1), RowMapping.guessed()).texts().getLast())
        .isEqualTo("één");
    assertThat(read("t.csv", table).texts().getLast()).isEqualTo("één");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void packedTablesAreReadToo() throws IOException {
    byte[] packed = gzip("{\"text\":\"a\"}\n{\"text\":\"b\"}\n");

    assertThat(read("t.jsonl.gz", packed, RowMapping.guessed()).texts()).containsExactly("a", "b");
    assertThat(read("t.csv.gz", gzip("text\na\n"), RowMapping.guessed()).texts())
        .containsExactly("a");
    Result cut =
        read("c.jsonl.gz", Arrays.copyOf(packed, packed.length - 12), RowMapping.guessed());
    assertThat(cut.codes()).containsExactly(RejectionCode.CORRUPT);
    assertThat(read("n.csv.gz", "text\na\n").message()).contains("not gzip");
  }

  @Test
  void fileThatIsGoneThrowsForTheCallerToReject() {
    assertThatThrownBy(() ->
            RowReader.read(folder.resolve("gone.csv").toUri(), RowMapping.guessed(), new Result()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void hundredsOfThousandsOfRowsPassInLittleMemory() throws IOException {
    Path file = folder.resolve("big.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("id,text\n");
      for (int i = 0; i < 200_000; i++) {
        out.write(i + ",\"Een melding, nummer " + i + "\"\n");
      }
    }
    long[] rows = {0};
    RowReader.read(
        file.toUri(),
        RowMapping.guessed(),
        new RowReader.Output() {
          @Override
          public void row(Document document) {
            rows[0]++;
          }

          @Override
          public void rejected(Rejected rejected) {
            throw new AssertionError(rejected);
          }
        });
    assertThat(rows[0]).isEqualTo(200_000);
  }
}
