package dev.dragoman.multimodal.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.multimodal.worker.WorkerSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReaderTest {
  private static final ReadLimits LIMITS = ReadLimits.defaults();
  private static FileReader reader;
  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    WorkerSpec spec = FileReader.defaultSpec();
    reader =
        FileReader.open(
            new WorkerSpec(spec.service(), 1, 256, Duration.ofSeconds(60), 1000, 1024, List.of()));
  }

  @AfterAll
  static void close() {
    reader.close();
  }

  private ReadResult read(String name, byte[] bytes) throws Exception {
    return read(name, bytes, LIMITS);
  }

  private ReadResult read(String name, byte[] bytes, ReadLimits limits) throws Exception {
    Path file = Files.write(folder.resolve(name), bytes);
    return reader.read(file, name, limits);
  }

  private WorkerException refused(String name, byte[] bytes) {
    return refused(name, bytes, LIMITS);
  }

  private WorkerException refused(String name, byte[] bytes, ReadLimits limits) {
    return catchThrowableOfType(WorkerException.class, () -> read(name, bytes, limits));
  }

  private static List<String> paths(ReadResult result) {
    return result.entries().stream().map(Entry::path).toList();
  }

  private static String mail(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  // Text

  @Test
  void plainTextIsTakenAsItIs() throws Exception {
    ReadResult result = read("note.txt", "Één regel.\r\n\r\n  ingesprongen\n".getBytes(UTF_8));
    assertThat(result.mediaType()).isEqualTo("text/plain");
    assertThat(result.passages()).containsExactly(new Passage(0, "Één regel.\n\n  ingesprongen\n"));
  }

  @Test
  void markdownKeepsItsHeadings() throws Exception {
    assertThat(read("readme.md", "# Title\n\n## Part\n\n- item\n".getBytes(UTF_8)).text())
        .isEqualTo("# Title\n\n## Part\n\n- item\n");
  }

  @Test
  void oldCharsetsAreRecognised() throws Exception {
    String dutch = "Geachte heer, de coördinatie van één café is geregeld.\n";
    for (Charset charset : List.of(ISO_8859_1, UTF_16LE, UTF_8)) {
      assertThat(read("letter.txt", dutch.getBytes(charset)).text())
          .as(charset.name())
          .isEqualTo(dutch);
    }
    byte[] marked = ("\ufeff" + dutch).getBytes(UTF_16LE);
    assertThat(read("letter.txt", marked).text()).isEqualTo(dutch);
    assertThat(read("letter.txt", ("\ufeff" + dutch).getBytes(UTF_8)).text()).isEqualTo(dutch);
    String korean = "안녕하세요. 주문하신 물건이 아직 도착하지 않았습니다. 확인해 주세요.\n".repeat(5);
    assertThat(read("korean.txt", korean.getBytes(Charset.forName("EUC-KR"))).text())
        .isEqualTo(korean);
  }

  @Test
  void jsonAndCsvAreText() throws Exception {
    assertThat(read("a.json", "{\"a\": 1}".getBytes(UTF_8)).text()).isEqualTo("{\"a\": 1}");
    assertThat(read("a.csv", "a,b\n1,2\n".getBytes(UTF_8)).text()).isEqualTo("a,b\n1,2\n");
  }

  @Test
  void textBeyondTheLimitIsCutAndSaidSo() throws Exception {
    ReadLimits small = new ReadLimits(1 << 20, 10, 10, 1 << 20, 1 << 20, 10);
    ReadResult result = read("long.txt", "0123456789abcdef".getBytes(UTF_8), small);
    assertThat(result.text()).isEqualTo("0123456789");
    assertThat(result.problems()).singleElement().extracting(Problem::code).isEqualTo("TOO_LARGE");
  }

  @Test
  void htmlGivesWhatAReaderSees() throws Exception {
    String html =
        """
        <html><head><title>Prices</title><meta charset="iso-8859-1"><style>p {color: red}</style></head>
        <body><h1>Prices
          of caf\u00e9s</h1><script>alert('x')</script><p>One <b>bold</b> word.</p>
        <table><tr><td>tea</td><td>2</td></tr><tr><td>coffee</td><td>3</td></tr></table>
        <div style="display: none">secret</div></body></html>
        """;
    ReadResult result = read("prices.html", html.getBytes(ISO_8859_1));
    assertThat(result.title()).isEqualTo("Prices");
    assertThat(result.text()).isEqualTo("Prices of cafés\n\nOne bold word.\n\ntea\t2\ncoffee\t3");
  }

  @Test
  void rtfAndEpubAreRead() throws Exception {
    assertThat(read("a.rtf", "{\\rtf1\\ansi\\pard Hello {\\b World}\\par}".getBytes(UTF_8)).text())
        .isEqualTo("Hello World");
    byte[] epub =
        Samples.zip(
            "mimetype",
            "application/epub+zip",
            "META-INF/container.xml",
            "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container' version='1.0'><rootfiles>"
                + "<rootfile full-path='c.opf' media-type='application/oebps-package+xml'/></rootfiles></container>",
            "c.opf",
            "<package xmlns='http://www.idpf.org/2007/opf' version='2.0'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
                + "<dc:title>A Book</dc:title></metadata><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>"
                + "</manifest><spine><itemref idref='a'/></spine></package>",
            "a.xhtml",
            "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Chapter one.</p></body></html>");
    ReadResult book = read("book.epub", epub);
    assertThat(book.mediaType()).isEqualTo("application/epub+zip");
    assertThat(book.text()).contains("Chapter one.");
    assertThat(book.title()).isEqualTo("A Book");
  }

  // Office

  @Test
  void wordDocumentsGiveTextTitleAndAuthorButNotTheirPictures() throws Exception {
    ReadResult result =
        read("minutes.docx", Samples.docx(true, "First decision.", "Second decision."));
    assertThat(result.text()).isEqualTo("First decision.\n\nSecond decision.");
    assertThat(result.title()).isEqualTo("Minutes");
    assertThat(result.author()).isEqualTo("A. Jansen");
    assertThat(result.entries()).isEmpty();
  }

  @Test
  void theePicturesOfADocumentWithoutTextAreEntries() throws Exception {
    ReadResult result = read("scan.docx", Samples.docx(true));
    assertThat(result.passages()).isEmpty();
    assertThat(result.entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.bytes()).isEqualTo(Samples.png()));
  }

  @Test
  void theFormatIsTakenFromTheBytesNotFromTheEnding() throws Exception {
    assertThat(read("wrong.jpg", Samples.docx(false, "Not a picture.")).text())
        .isEqualTo("Not a picture.");
    assertThat(read("wrong.txt", Samples.mixedPdf()).mediaType()).isEqualTo("application/pdf");
  }

  // PDF

  @Test
  void pagesOfAPdfAreReadOrMarkedForRecognition() throws Exception {
    ReadResult result = read("mixed.pdf", Samples.mixedPdf());
    assertThat(result.pages()).isEqualTo(4);
    assertThat(result.title()).isEqualTo("Repairs");
    assertThat(result.author()).isEqualTo("J. de Vries");
    assertThat(result.passages())
        .containsExactly(
            new Passage(1, Samples.INVOICE), new Passage(2, ""), new Passage(4, "The last page."));
    assertThat(result.scannedPages()).containsExactly(2);
  }

  @Test
  void pagesBeyondTheLimitAreLeftOutAndSaidSo() throws Exception {
    ReadResult result =
        read("mixed.pdf", Samples.mixedPdf(), new ReadLimits(1 << 20, 1000, 10, 1000, 1000, 1));
    assertThat(result.passages()).containsExactly(new Passage(1, Samples.INVOICE));
    assertThat(result.problems())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("first 1 pages");
  }

  @Test
  void aPdfWithAnEmptyPasswordOpensAndOneWithAPasswordIsEncrypted() throws Exception {
    assertThat(read("open.pdf", Samples.protectedPdf("")).text()).isEqualTo(Samples.INVOICE);
    WorkerException refused = refused("closed.pdf", Samples.protectedPdf("secret"));
    assertThat(refused.code()).isEqualTo("ENCRYPTED");
    assertThat(refused).hasMessageContaining("password");
  }

  @Test
  void aTruncatedPdfIsCorruptOrReadInPartButNeverAnError() throws Exception {
    byte[] whole = Samples.mixedPdf();
    for (int part = 1; part <= 9; part++) {
      byte[] cut = Arrays.copyOf(whole, whole.length * part / 10);
      try {
        read("cut.pdf", cut);
      } catch (WorkerException e) {
        assertThat(e.code()).isIn("CORRUPT", "EMPTY");
      }
    }
    assertThat(refused("stub.pdf", Arrays.copyOf(whole, 200)).code()).isEqualTo("CORRUPT");
  }

  @Test
  void filesAttachedToAPdfAreEntries() throws Exception {
    ReadResult result =
        read("carrier.pdf", Samples.pdfWithAttachment("orders.txt", "ten orders".getBytes(UTF_8)));
    assertThat(paths(result)).containsExactly("orders.txt");
    assertThat(result.entries().getFirst().bytes()).isEqualTo("ten orders".getBytes(UTF_8));
    assertThat(result.text()).isEqualTo(Samples.INVOICE);
  }

  // Mail

  @Test
  void aMailGivesSubjectSenderBodyAndAttachments() throws Exception {
    String mail =
        mail(
            "From: =?utf-8?Q?Ren=C3=A9e?= <renee@example.com>",
            "Subject: =?utf-8?B?"
                + Base64.getEncoder().encodeToString("Betaling één".getBytes(UTF_8))
                + "?=",
            "MIME-Version: 1.0",
            "Content-Type: multipart/mixed; boundary=outer",
            "",
            "--outer",
            "Content-Type: multipart/related; boundary=inner",
            "",
            "--inner",
            "Content-Type: text/html; charset=iso-8859-1",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "<p>De caf=E9rekening.</p><p>Groet</p>",
            "--inner--",
            "--outer",
            "Content-Type: text/plain; name*=utf-8''caf%C3%A9.txt",
            "Content-Disposition: attachment",
            "Content-Transfer-Encoding: base64",
            "",
            Base64.getEncoder().encodeToString("rekening".getBytes(UTF_8)),
            "--outer",
            "Content-Type: message/rfc822",
            "",
            "From: x@example.com",
            "Subject: inner",
            "",
            "inner body",
            "--outer--");
    ReadResult result = read("mail.eml", mail.getBytes(UTF_8));
    assertThat(result.mediaType()).isEqualTo("message/rfc822");
    assertThat(result.title()).isEqualTo("Betaling één");
    assertThat(result.author()).isEqualTo("Renée <renee@example.com>");
    assertThat(result.text()).isEqualTo("De caférekening.\n\nGroet");
    assertThat(paths(result)).containsExactly("café.txt", "attachment-2.eml");
    assertThat(result.entries().getFirst().bytes()).isEqualTo("rekening".getBytes(UTF_8));
    ReadResult inner = read("inner.eml", result.entries().get(1).bytes());
    assertThat(inner.title()).isEqualTo("inner");
    assertThat(inner.text()).isEqualTo("inner body");
  }

  @Test
  void theBetterAlternativeIsTheBody() throws Exception {
    String html = "<p>" + "A long explanation of what happened. ".repeat(5).strip() + "</p>";
    assertThat(alternatives("See the HTML version.", html)).startsWith("A long explanation");
    assertThat(
            alternatives("Plain words that say the same.", "<p>Plain words that say the same.</p>"))
        .isEqualTo("Plain words that say the same.");
  }

  private String alternatives(String plain, String html) throws Exception {
    String mail =
        mail(
            "From: a@example.com",
            "Subject: s",
            "Content-Type: multipart/alternative; boundary=x",
            "",
            "--x",
            "Content-Type: text/plain",
            "",
            plain,
            "--x",
            "Content-Type: text/html",
            "",
            html,
            "--x--");
    return read("alternatives.eml", mail.getBytes(UTF_8)).text();
  }

  @Test
  void eachMessageOfAMailboxIsAnEntry() throws Exception {
    String box =
        "From a@example.com Mon Jan  1 00:00:00 2026\nFrom: a@example.com\nSubject: one\n\nbody one\n>From here on\n\n"
            + "From b@example.com Mon Jan  1 00:00:00 2026\nFrom: b@example.com\nSubject: two\n\nbody two\n";
    ReadResult result = read("box.mbox", box.getBytes(UTF_8));
    assertThat(paths(result)).containsExactly("message-1.eml", "message-2.eml");
    assertThat(read("one.eml", result.entries().getFirst().bytes()).text())
        .isEqualTo("body one\nFrom here on");
  }

  // Archives

  @Test
  void archivesGiveTheirDirectMembersOnly() throws Exception {
    byte[] inner = Samples.zip("deep.txt", "deep");
    ReadResult result =
        read("a.zip", Samples.zip("folder/a.txt", "A", "inner.zip", inner, "empty/", ""));
    assertThat(paths(result)).containsExactly("folder/a.txt", "inner.zip");
    assertThat(result.entries().get(1).bytes()).isEqualTo(inner);
    assertThat(result.passages()).isEmpty();
  }

  @Test
  void namesOfMembersCannotClimbOut() throws Exception {
    ReadResult result =
        read("evil.zip", Samples.zip("../../etc/passwd", "x", "/abs.txt", "y", "..\\win.txt", "z"));
    assertThat(paths(result)).containsExactly("etc/passwd", "abs.txt", "win.txt");
  }

  @Test
  void tarGzipAndSevenZAreOpened() throws Exception {
    ByteArrayOutputStream tarBytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(tarBytes)) {
      TarArchiveEntry entry = new TarArchiveEntry("a.txt");
      entry.setSize(1);
      tar.putArchiveEntry(entry);
      tar.write('A');
      tar.closeArchiveEntry();
    }
    assertThat(paths(read("a.tar", tarBytes.toByteArray()))).containsExactly("a.txt");
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(tarBytes.toByteArray());
    }
    ReadResult packed = read("a.tar.gz", gzip.toByteArray());
    assertThat(paths(packed)).containsExactly("a.tar");
    assertThat(packed.entries().getFirst().bytes()).isEqualTo(tarBytes.toByteArray());
    Path seven = folder.resolve("a.7z");
    try (SevenZOutputFile archive = new SevenZOutputFile(seven.toFile())) {
      SevenZArchiveEntry entry = new SevenZArchiveEntry();
      entry.setName("b.txt");
      archive.putArchiveEntry(entry);
      archive.write(new byte[] {'B'});
      archive.closeArchiveEntry();
    }
    assertThat(paths(reader.read(seven, "a.7z", LIMITS))).containsExactly("b.txt");
  }

  @Test
  void aTruncatedZipGivesWhatComesBeforeTheBreak() throws Exception {
    byte[] noise = new byte[200_000];
    new java.util.Random(7).nextBytes(noise);
    byte[] zip = Samples.zip("first.txt", "first", "second.bin", noise);
    ReadResult result = read("cut.zip", Arrays.copyOf(zip, zip.length / 2));
    assertThat(paths(result)).containsExactly("first.txt");
    assertThat(result.problems())
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem.code()).isEqualTo("CORRUPT"));
  }

  @Test
  void aBombIsTooLargeAndDoesNotFillTheMemory() throws Exception {
    WorkerException refused = refused("bomb.zip", Samples.bomb(100));
    assertThat(refused.code()).isEqualTo("TOO_LARGE");
    assertThat(refused).hasMessageContaining("zeros.txt").hasMessageContaining("67,108,864 bytes");
  }

  @Test
  void whatFitsOfAnArchiveIsGivenAndTheRestIsNamed() throws Exception {
    ReadLimits small = new ReadLimits(1 << 20, 1000, 3, 10, 15, 10);
    byte[] zip =
        Samples.zip(
            "a.txt",
            "12345678",
            "big.txt",
            "12345678901",
            "b.txt",
            "12345678",
            "c.txt",
            "1",
            "d.txt",
            "1");
    ReadResult result = read("many.zip", zip, small);
    assertThat(paths(result)).containsExactly("a.txt");
    assertThat(result.problems())
        .extracting(Problem::entry)
        .containsExactly("big.txt", "b.txt", "");
    assertThat(result.problems()).extracting(Problem::code).containsOnly("TOO_LARGE");
  }

  // Pictures and sound

  @Test
  void picturesAndSoundAreOnlyRecognised() throws Exception {
    ReadResult picture = read("a.bin", Samples.png());
    assertThat(picture.mediaType()).isEqualTo("image/png");
    assertThat(picture.passages()).isEmpty();
    byte[] wave = "RIFF\0\0\0\0WAVEfmt ".getBytes(ISO_8859_1);
    assertThat(read("a.wav", wave).mediaType()).startsWith("audio/");
  }

  // Refusals

  @Test
  void refusalsSayWhatIsWrong() throws Exception {
    assertThat(refused("empty.pdf", new byte[0]).code()).isEqualTo("EMPTY");
    assertThat(refused("blank.txt", "  \n ".getBytes(UTF_8)).code()).isEqualTo("EMPTY");
    assertThat(refused("hollow.zip", Samples.zip()).code()).isEqualTo("EMPTY");
    byte[] noise = new byte[5000];
    new java.util.Random(3).nextBytes(noise);
    assertThat(refused("noise.bin", noise).code()).isEqualTo("UNSUPPORTED");
    byte[] notes = {
      'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, 0, 0, 1, 0, 24, 'M', 'T', 'r', 'k', 0, 0, 0, 0
    };
    assertThat(refused("scale.mid", notes).code()).isEqualTo("UNSUPPORTED");
    byte[] docx = Samples.docx(false, "text");
    assertThat(refused("cut.docx", Arrays.copyOf(docx, docx.length / 2)).code())
        .isEqualTo("CORRUPT");
    WorkerException large = refused("large.txt", new byte[100], new ReadLimits(99, 1, 1, 1, 1, 1));
    assertThat(large.code()).isEqualTo("TOO_LARGE");
    assertThat(large).hasMessageContaining("100 bytes");
    WorkerException missing =
        catchThrowableOfType(
            WorkerException.class, () -> reader.read(folder.resolve("none"), "none", LIMITS));
    assertThat(missing.code()).isEqualTo("UNREADABLE");
    WorkerException directory =
        catchThrowableOfType(WorkerException.class, () -> reader.read(folder, "folder", LIMITS));
    assertThat(directory.code()).isEqualTo("UNREADABLE");
  }

  @Test
  void aSlowFileIsStoppedAndTheNextOneIsRead() throws Exception {
    WorkerSpec impatient =
        new WorkerSpec(ReadService.class, 1, 256, Duration.ofMillis(1), 1000, 1024, List.of());
    try (FileReader hurried = FileReader.open(impatient)) {
      Path file = Files.write(folder.resolve("slow.docx"), Samples.docx(false, "slow"));
      WorkerException slow =
          catchThrowableOfType(
              WorkerException.class, () -> hurried.read(file, "slow.docx", LIMITS));
      assertThat(slow.code()).isEqualTo("TIMEOUT");
    }
    assertThat(read("next.txt", "next".getBytes(UTF_8)).text()).isEqualTo("next");
  }

  @Test
  void aFileThatEatsTheMemoryIsOutOfMemoryAndTheNextOneIsRead() throws Exception {
    StringBuilder nested = new StringBuilder("<html><body>");
    byte[] bomb = nested.append("<p>a</p>".repeat(3_000_000)).toString().getBytes(UTF_8);
    WorkerSpec small =
        new WorkerSpec(ReadService.class, 1, 64, Duration.ofSeconds(60), 1000, 1024, List.of());
    try (FileReader tight = FileReader.open(small)) {
      Path file = Files.write(folder.resolve("huge.html"), bomb);
      WorkerException hungry =
          catchThrowableOfType(WorkerException.class, () -> tight.read(file, "huge.html", LIMITS));
      assertThat(hungry.code()).isEqualTo("OUT_OF_MEMORY");
      Path next = Files.writeString(folder.resolve("next.txt"), "next");
      assertThat(tight.read(next, "next.txt", LIMITS).text()).isEqualTo("next");
    }
  }

  // Hostile files

  @Test
  void nothingIsFetchedAndNoLocalFileLeaks() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "TOP-SECRET-TEXT");
    try (ServerSocket trap = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      trap.setSoTimeout(1500);
      String web = "http://127.0.0.1:" + trap.getLocalPort() + "/x";
      String entities =
          "<!DOCTYPE r [<!ENTITY f SYSTEM '"
              + secret.toUri()
              + "'><!ENTITY w SYSTEM '"
              + web
              + "'>"
              + "<!ENTITY % p SYSTEM '"
              + web
              + ".dtd'> %p;]>";
      String body = "<r>start &f; &w; end</r>";
      byte[] docx = Samples.docx(false, "Decoy");
      for (var hostile :
          List.of(
              new Hostile("xxe.xml", ("<?xml version='1.0'?>" + entities + body).getBytes(UTF_8)),
              new Hostile(
                  "xxe.svg",
                  ("<?xml version='1.0'?>"
                          + entities.replace("DOCTYPE r", "DOCTYPE svg")
                          + "<svg xmlns='http://www.w3.org/2000/svg'><text>&f;&w;</text><image href='"
                          + web
                          + "'/></svg>")
                      .getBytes(UTF_8)),
              new Hostile(
                  "xxe.docx",
                  replaced(
                      docx,
                      "word/document.xml",
                      "<?xml version=\"1.0\"?>"
                          + entities
                          + "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
                          + "<w:body><w:p><w:r><w:t>seen &f;&w;</w:t></w:r></w:p></w:body></w:document>")),
              new Hostile(
                  "page.html",
                  ("<link rel=stylesheet href='"
                          + web
                          + "'><img src='"
                          + web
                          + "'><iframe src='"
                          + secret.toUri()
                          + "'></iframe><p>seen</p>")
                      .getBytes(UTF_8)),
              new Hostile(
                  "external.eml",
                  mail(
                          "From: a@example.com",
                          "Subject: s",
                          "Content-Type: message/external-body; access-type=URL; URL=\""
                              + web
                              + "\"",
                          "",
                          "Content-Type: text/plain",
                          "")
                      .getBytes(UTF_8)))) {
        String seen;
        try {
          ReadResult result = read(hostile.name, hostile.bytes);
          seen =
              result.text()
                  + result.title()
                  + new String(
                      result.entries().stream()
                          .map(entry -> new String(entry.bytes(), ISO_8859_1))
                          .reduce("", String::concat)
                          .getBytes(UTF_8),
                      UTF_8);
        } catch (WorkerException e) {
          assertThat(e.code())
              .as(hostile.name)
              .isIn("CORRUPT", "EMPTY", "UNSUPPORTED", "TOO_LARGE");
          seen = e.getMessage() + e.detail();
        }
        assertThat(seen).as(hostile.name).doesNotContain("TOP-SECRET-TEXT");
      }
      assertThat(catchThrowableOfType(SocketTimeoutException.class, trap::accept)).isNotNull();
    }
  }

  private record Hostile(String name, byte[] bytes) {}

  private static byte[] replaced(byte[] zip, String name, String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var in = new java.util.zip.ZipInputStream(new java.io.ByteArrayInputStream(zip));
        var out = new java.util.zip.ZipOutputStream(bytes)) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        out.putNextEntry(new java.util.zip.ZipEntry(entry.getName()));
        out.write(entry.getName().equals(name) ? content.getBytes(UTF_8) : in.readAllBytes());
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void aBillionLaughsAreCutShort() throws Exception {
    StringBuilder xml = new StringBuilder("<?xml version='1.0'?><!DOCTYPE l [<!ENTITY l0 'lol'>");
    for (int i = 1; i < 12; i++) {
      xml.append("<!ENTITY l")
          .append(i)
          .append(" '")
          .append(("&l" + (i - 1) + ";").repeat(10))
          .append("'>");
    }
    xml.append("]><l>before &l11;</l>");
    try {
      assertThat(read("laughs.xml", xml.toString().getBytes(UTF_8)).text()).hasSizeLessThan(1000);
    } catch (WorkerException e) {
      assertThat(e.code()).isIn("CORRUPT", "TOO_LARGE", "EMPTY");
    }
  }

  @Test
  void nothingIsLeftInTheTemporaryFolder() throws Exception {
    Path spools = Files.createDirectory(folder.resolve("spools"));
    WorkerSpec spec = FileReader.defaultSpec();
    WorkerSpec one =
        new WorkerSpec(spec.service(), 1, 256, Duration.ofSeconds(60), 1000, 1024, List.of());
    try (FileReader own = FileReader.open(one, spools)) {
      Path file = Files.write(folder.resolve("a.zip"), Samples.zip("a.txt", "A"));
      assertThat(paths(own.read(file, "a.zip", LIMITS))).containsExactly("a.txt");
    }
    try (Stream<Path> files = Files.list(spools)) {
      assertThat(files).isEmpty();
    }
  }
}
