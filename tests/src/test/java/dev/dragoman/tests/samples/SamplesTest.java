package dev.dragoman.tests.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplesTest {
  private static final Path COMMITTED = root();
  private static final Set<String> ELSEWHERE = Set.of("calls", "photos");
  private static final Pattern IBAN =
      Pattern.compile(
          "NL\\d{2} ?[A-Z]{4}(?: ?\\d){10}|GB\\d{2} ?[A-Z]{4}(?: ?\\d){14}|PT\\d{2}(?: ?\\d){21}");
  private static final Pattern BSN = Pattern.compile("(?i)(?:nummer|number|BSN is) (\\d{9})\\b");
  private static final Pattern CARD =
      Pattern.compile(Tickets.CARDS.stream().map(Pattern::quote).collect(Collectors.joining("|")));

  @TempDir static Path made;

  @BeforeAll
  static void make() throws IOException {
    MakeSamples.writeReproducible(made);
  }

  /** Maven runs tests in the module's folder, an editor often in the project's. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    boolean project = Files.exists(here.resolve("samples/tickets"));
    return here.resolve(project ? "samples" : "../samples").normalize();
  }

  static List<String> reproducible() {
    return files(COMMITTED).stream()
        .filter(file -> !ELSEWHERE.contains(file.substring(0, file.indexOf('/'))))
        .toList();
  }

  @Test
  void noFileIsMissingOrLeftOver() {
    assertThat(reproducible()).isEqualTo(files(made));
  }

  @ParameterizedTest
  @MethodSource("reproducible")
  void whatIsCommittedIsWhatTheGeneratorMakes(String file) throws IOException {
    byte[] committed = Files.readAllBytes(COMMITTED.resolve(file));
    byte[] fresh = Files.readAllBytes(made.resolve(file));
    // Compressed formats depend on the machine's zlib and libjpeg: compare what they hold.
    switch (file.substring(file.lastIndexOf('.') + 1)) {
      case "pdf" -> assertThat(pdf(committed)).isEqualTo(pdf(fresh));
      case "png", "jpg", "gif", "tiff" -> assertSamePicture(committed, fresh);
      case "zip", "docx", "epub" -> {
        if (file.startsWith("broken/") && !file.endsWith("thirty-deep.zip")) {
          assertThat((double) committed.length).isBetween(fresh.length * 0.5, fresh.length * 2.0);
        } else {
          assertThat(entries(committed)).isEqualTo(entries(fresh));
        }
      }
      case "eml" -> assertThat(withoutBase64(committed)).isEqualTo(withoutBase64(fresh));
      default -> assertThat(committed).isEqualTo(fresh);
    }
  }

  @Test
  void allOfItIsSmall() throws IOException {
    long size = 0;
    for (String file : files(COMMITTED)) {
      size += Files.size(COMMITTED.resolve(file));
    }
    assertThat(size).isBetween(1_000_000L, 6_000_000L);
  }

  @Test
  void thereAre200TicketsEachWithAnIdOfItsOwn() throws IOException {
    List<Tickets.Ticket> tickets = tickets();
    assertThat(tickets).hasSize(200);
    assertThat(tickets).extracting(Tickets.Ticket::id).doesNotHaveDuplicates();
    assertThat(tickets).extracting(Tickets.Ticket::created).isSorted();
  }

  @Test
  void twentyFourTicketsNearlyRepeatAnotherAndTheRestAreDifferent() throws IOException {
    Set<String> seen = new HashSet<>();
    int repeated = 0;
    for (Tickets.Ticket ticket : tickets()) {
      String letters = ticket.body().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}]", "");
      repeated += seen.add(letters) ? 0 : 1;
    }
    assertThat(repeated).isEqualTo(24);
  }

  @Test
  void everyAccountNumberPassesItsChecksum() throws IOException {
    List<String> found = found(IBAN, 0);
    assertThat(found).hasSizeGreaterThan(10);
    for (String iban : found) {
      String plain = iban.replace(" ", "");
      StringBuilder number = new StringBuilder();
      for (char c : (plain.substring(4) + plain.substring(0, 4)).toCharArray()) {
        number.append(Character.getNumericValue(c));
      }
      assertThat(new BigInteger(number.toString()).mod(BigInteger.valueOf(97)))
          .as(iban)
          .isEqualTo(BigInteger.ONE);
    }
  }

  @Test
  void everyCitizenNumberPassesTheElevenTest() throws IOException {
    List<String> found = found(BSN, 1);
    assertThat(found).hasSizeGreaterThan(3);
    for (String bsn : found) {
      int sum = -(bsn.charAt(8) - '0');
      for (int i = 0; i < 8; i++) {
        sum += (9 - i) * (bsn.charAt(i) - '0');
      }
      assertThat(sum % 11).as(bsn).isZero();
    }
  }

  @Test
  void everyCardNumberPassesLuhn() throws IOException {
    List<String> found = found(CARD, 0);
    assertThat(found).hasSizeGreaterThan(4);
    for (String card : found) {
      String digits = card.replaceAll("\\D", "");
      int sum = 0;
      for (int i = 0; i < digits.length(); i++) {
        int digit = digits.charAt(digits.length() - 1 - i) - '0';
        int weighted = i % 2 == 0 ? digit : digit * 2;
        sum += weighted > 9 ? weighted - 9 : weighted;
      }
      assertThat(sum % 10).as(card).isZero();
    }
  }

  @Test
  void theCallHasTwoChannelsThatTakeTurns() throws Exception {
    try (AudioInputStream in =
        AudioSystem.getAudioInputStream(
            COMMITTED.resolve("calls/call-billing-stereo-8khz.wav").toFile())) {
      AudioFormat format = in.getFormat();
      assertThat(format.getChannels()).isEqualTo(2);
      assertThat(format.getSampleRate()).isEqualTo(8000);
      byte[] samples = in.readAllBytes();
      long[] loud = new long[3];
      for (int i = 0; i < samples.length; i += 4) {
        boolean left = (samples[i + 1] | samples[i]) != 0;
        boolean right = (samples[i + 3] | samples[i + 2]) != 0;
        loud[left && right ? 2 : left ? 0 : 1]++;
      }
      assertThat(loud[0]).isGreaterThan(40_000);
      assertThat(loud[1]).isGreaterThan(40_000);
      assertThat(loud[2]).isZero();
    }
  }

  @Test
  void theKoreanMessageIsMonoAt16Kilohertz() throws Exception {
    try (AudioInputStream in =
        AudioSystem.getAudioInputStream(
            COMMITTED.resolve("calls/message-korean-16khz.wav").toFile())) {
      assertThat(in.getFormat().getChannels()).isEqualTo(1);
      assertThat(in.getFormat().getSampleRate()).isEqualTo(16000);
      assertThat(in.getFrameLength()).isGreaterThan(16000 * 4);
    }
  }

  @Test
  void theMixedDocumentHasTextOnItsFirstPageOnly() throws IOException {
    assertThat(pdf(Files.readAllBytes(COMMITTED.resolve("documents/mixed-text-and-scan.pdf"))))
        .satisfies(pages -> {
          assertThat(pages).hasSize(2);
          assertThat(pages.getFirst()).contains("burst pipe");
          assertThat(pages.getLast()).isBlank();
        });
  }

  @Test
  void theTruncatedPdfCannotBeOpenedNorTheEncryptedOneWithoutItsPassword() {
    assertThatThrownBy(() -> load("broken/truncated.pdf")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> load("broken/encrypted.pdf"))
        .isInstanceOf(InvalidPasswordException.class);
  }

  @Test
  void theBombUnpacksTo16GibFromLessThan100Kilobytes() throws IOException {
    Path bomb = COMMITTED.resolve("broken/bomb.zip");
    assertThat(Files.size(bomb)).isLessThan(100_000);
    long nominal = 0;
    try (ZipFile zip = new ZipFile(bomb.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        Path inner =
            Files.write(made.resolve("inner.zip"), zip.getInputStream(entry).readAllBytes());
        try (ZipFile within = new ZipFile(inner.toFile())) {
          nominal += within.stream().mapToLong(ZipEntry::getSize).sum();
        }
        Files.delete(inner);
      }
    }
    assertThat(nominal).isEqualTo(16L << 30);
  }

  @Test
  void theHugePictureClaims60000By60000() throws IOException {
    byte[] png = Files.readAllBytes(COMMITTED.resolve("broken/huge-60000x60000.png"));
    assertThat(new BigInteger(1, png, 16, 4).intValue()).isEqualTo(60_000);
    assertThat(new BigInteger(1, png, 20, 4).intValue()).isEqualTo(60_000);
  }

  private static void load(String file) throws IOException {
    try (PDDocument document = Loader.loadPDF(COMMITTED.resolve(file).toFile())) {
      new PDFTextStripper().getText(document);
    }
  }

  private static List<Tickets.Ticket> tickets() throws IOException {
    JsonMapper json = new JsonMapper();
    List<Tickets.Ticket> tickets = new ArrayList<>();
    for (String line : Files.readAllLines(COMMITTED.resolve("tickets/tickets.jsonl"))) {
      tickets.add(json.readValue(line, Tickets.Ticket.class));
    }
    return tickets;
  }

  private static List<String> found(Pattern pattern, int group) throws IOException {
    List<String> found = new ArrayList<>();
    for (Tickets.Ticket ticket : tickets()) {
      Matcher matcher = pattern.matcher(ticket.body());
      while (matcher.find()) {
        found.add(matcher.group(group));
      }
    }
    return found;
  }

  private static Set<String> names(Stream<Path> files, Path root) {
    Set<String> names = new TreeSet<>();
    files
        .filter(Files::isRegularFile)
        .forEach(file -> names.add(root.relativize(file).toString().replace('\\', '/')));
    return names;
  }

  private static List<String> files(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return List.copyOf(names(files, root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of each page; of a PDF that cannot be opened, why. */
  private static List<String> pdf(byte[] bytes) throws IOException {
    try (PDDocument document = Loader.loadPDF(bytes)) {
      PDFTextStripper stripper = new PDFTextStripper();
      List<String> pages = new ArrayList<>();
      for (int page = 1; page <= Math.min(10, document.getNumberOfPages()); page++) {
        stripper.setStartPage(page);
        stripper.setEndPage(page);
        pages.add(stripper.getText(document));
      }
      return pages;
    } catch (IOException | IllegalStateException e) {
      return List.of(e.getClass().getSimpleName());
    }
  }

  private static TreeMap<String, String> entries(byte[] zip) throws IOException {
    TreeMap<String, String> entries = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        String name = entry.getName();
        String shown =
            name.endsWith(".zip") || name.endsWith(".docx")
                ? entries(content).toString()
                : name.endsWith(".pdf")
                    ? pdf(content).toString()
                    : new String(content, StandardCharsets.ISO_8859_1);
        entries.put(name, shown);
      }
    }
    return entries;
  }

  private static String withoutBase64(byte[] mail) {
    return new String(mail, StandardCharsets.UTF_8)
        .replaceAll("(?m)^[A-Za-z0-9+/]{76}\r\n(?:[A-Za-z0-9+/=]+\r\n)*", "");
  }

  private static void assertSamePicture(byte[] a, byte[] b) throws IOException {
    if (a.length < 2000) {
      assertThat((double) a.length).isBetween(b.length * 0.8, b.length * 1.2);
      return;
    }
    BufferedImage one = ImageIO.read(new ByteArrayInputStream(a));
    BufferedImage other = ImageIO.read(new ByteArrayInputStream(b));
    assertThat(one.getWidth()).isEqualTo(other.getWidth());
    assertThat(one.getHeight()).isEqualTo(other.getHeight());
    long difference = 0;
    for (int y = 0; y < one.getHeight(); y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        difference += Math.abs((one.getRGB(x, y) & 255) - (other.getRGB(x, y) & 255));
      }
    }
    assertThat((double) difference / one.getWidth() / one.getHeight()).isLessThan(1.5);
  }
}
