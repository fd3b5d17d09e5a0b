package dev.dragoman.operators.record.coder;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Original;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Provenance;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectStreamClass;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.testing.CoderProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentCoderTest {
  private static final DocumentCoder DOCUMENTS = DocumentCoder.of();
  private static final RejectedCoder REJECTED = RejectedCoder.of();

  @Test
  void randomDocumentsComeBackEqual() throws Exception {
    for (int seed = 0; seed < 400; seed++) {
      CoderProperties.coderDecodeEncodeEqual(DOCUMENTS, new RandomDocuments(seed).document());
      CoderProperties.coderDecodeEncodeEqual(DOCUMENTS, new RandomDocuments(seed).message());
      CoderProperties.coderDecodeEncodeEqual(REJECTED, new RandomDocuments(seed).rejected());
    }
  }

  @Test
  void equalDocumentsHaveEqualBytes() throws Exception {
    DOCUMENTS.verifyDeterministic();
    REJECTED.verifyDeterministic();
    for (int seed = 0; seed < 100; seed++) {
      CoderProperties.coderDeterministic(
          DOCUMENTS, new RandomDocuments(seed).document(), new RandomDocuments(seed).document());
      CoderProperties.coderDeterministic(
          REJECTED, new RandomDocuments(seed).rejected(), new RandomDocuments(seed).rejected());
      CoderProperties.coderConsistentWithEquals(
          DOCUMENTS,
          new RandomDocuments(seed).document(),
          new RandomDocuments(seed + 1).document());
      CoderProperties.structuralValueConsistentWithEquals(
          DOCUMENTS, new RandomDocuments(seed).document(), new RandomDocuments(seed).document());
    }
  }

  @Test
  void everyNaNIsTheSameNaN() throws Exception {
    float odd = Float.intBitsToFloat(0x7fc12345);
    double oddDouble = Double.longBitsToDouble(0x7ff8000000000123L);
    assertThat(encode(DOCUMENTS, withNumbers(odd, oddDouble)))
        .isEqualTo(encode(DOCUMENTS, withNumbers(Float.NaN, Double.NaN)));
  }

  @Test
  void documentsFollowEachOtherInOneStream() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int seed = 0; seed < 20; seed++) {
      DOCUMENTS.encode(new RandomDocuments(seed).document(), out);
    }
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    for (int seed = 0; seed < 20; seed++) {
      assertThat(DOCUMENTS.decode(in)).isEqualTo(new RandomDocuments(seed).document());
    }
    assertThat(in.available()).isZero();
  }

  @Test
  void aTextOfManyMegabytesTravels() throws Exception {
    Document large =
        Document.ofText(
            URI.create("urn:large"), "text/plain", "ruïne \uD83D\uDE00 ".repeat(1 << 20));
    assertThat(decode(DOCUMENTS, encode(DOCUMENTS, large))).isEqualTo(large);
  }

  @ParameterizedTest
  @EnumSource
  void everyRejectionCodeTravels(RejectionCode code) throws Exception {
    CoderProperties.coderDecodeEncodeEqual(
        REJECTED, new Rejected(everything(), new Failure(code, "Ocr", "what to do", 3)));
  }

  @Test
  void codersAreSerializableUnderTheirPinnedVersions() {
    CoderProperties.coderSerializable(DOCUMENTS);
    CoderProperties.coderSerializable(REJECTED);
    assertThat(ObjectStreamClass.lookup(DocumentCoder.class).getSerialVersionUID()).isEqualTo(1);
    assertThat(ObjectStreamClass.lookup(RejectedCoder.class).getSerialVersionUID()).isEqualTo(1);
    assertThat(DocumentCoder.class.getName())
        .isEqualTo("dev.dragoman.operators.record.coder.DocumentCoder");
    assertThat(RejectedCoder.class.getName())
        .isEqualTo("dev.dragoman.operators.record.coder.RejectedCoder");
  }

  @Test
  void pipelinesFindTheCodersByThemselves() throws Exception {
    CoderRegistry registry = Pipeline.create().getCoderRegistry();
    assertThat(registry.getCoder(Document.class)).isEqualTo(DOCUMENTS);
    assertThat(registry.getCoder(Rejected.class)).isEqualTo(REJECTED);
  }

  /** These bytes lie in savepoints: whoever changes the layout adds a version, and keeps this. */
  @SuppressWarnings("NullAway") // does not see that arrays may be null in class files
  @Test
  void layoutTwoReadsAndWritesItsGoldenBytes() throws Exception {
    Original message =
        new Original(
            new byte[] {7},
            List.of(
                new Original.Header("trace", new byte[] {1}), new Original.Header("none", null)),
            new Content.SameAs(PartId.FILE));
    Rejected rejected =
        new Rejected(
            everything().withProvenance(everything().provenance().withOriginal(message)),
            new Failure(RejectionCode.CORRUPT, "Ocr", "broken off; send it again", 2));
    String golden =
        "02"
            + GOLDEN_1
                .substring(2)
                .replaceFirst("^01", "02")
                .replaceFirst("030c62726f6b656e", "030c62726f6b656e" + GOLDEN_2_ORIGINAL);
    assertThat(HexFormat.of().formatHex(encode(REJECTED, rejected))).isEqualTo(golden);
    assertThat(decode(REJECTED, HexFormat.of().parseHex(golden))).isEqualTo(rejected);
  }

  @Test
  void layoutOneIsStillRead() throws Exception {
    assertThat(decode(REJECTED, HexFormat.of().parseHex(GOLDEN_1)))
        .isEqualTo(
            new Rejected(
                everything(),
                new Failure(RejectionCode.CORRUPT, "Ocr", "broken off; send it again", 2)));
  }

  /** What the release before messages wrote into savepoints. */
  @Test
  void documentsOfLayoutOneAreStillReadFromCommittedBytes() throws Exception {
    List<byte[]> documents = committed("documents-layout-1.txt");
    for (int seed = 0; seed < documents.size(); seed++) {
      assertThat(decode(DOCUMENTS, documents.get(seed)))
          .isEqualTo(new RandomDocuments(seed).document());
    }
    List<byte[]> rejected = committed("rejected-layout-1.txt");
    List<RejectionCode> codes = new ArrayList<>();
    for (int seed = 0; seed < rejected.size(); seed++) {
      Rejected read = decode(REJECTED, rejected.get(seed));
      assertThat(read.document()).isEqualTo(new RandomDocuments(seed).document());
      codes.add(read.failure().code());
    }
    assertThat(codes)
        .containsExactly(
            RejectionCode.WORKER_CRASHED,
            RejectionCode.TIMEOUT,
            RejectionCode.CORRUPT,
            RejectionCode.TIMEOUT,
            RejectionCode.CORRUPT,
            RejectionCode.WORKER_CRASHED,
            RejectionCode.UNREADABLE,
            RejectionCode.TIMEOUT);
    assertThat(documents).hasSize(8);
  }

  private static List<byte[]> committed(String name) throws IOException {
    try (InputStream in = requireNonNull(DocumentCoderTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(Base64.getDecoder()::decode)
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 99, 255})
  void otherVersionsAreRefused(int version) throws Exception {
    byte[] bytes = encode(DOCUMENTS, everything());
    bytes[0] = (byte) version;
    assertThatThrownBy(() -> decode(DOCUMENTS, bytes))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("layout " + version);
  }

  @Test
  void everyPrefixIsRefusedAsCutOff() throws Exception {
    byte[] bytes = encode(REJECTED, new Rejected(everything(), failure()));
    for (int length = 0; length < bytes.length; length++) {
      byte[] prefix = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> decode(REJECTED, prefix)).isInstanceOf(CoderException.class);
    }
  }

  @Test
  void flippedBytesGiveADocumentOrACoderException() throws Exception {
    byte[] bytes = encode(REJECTED, new Rejected(everything(), failure()));
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] hurt = bytes.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        hurt[random.nextInt(hurt.length)] = (byte) random.nextInt(256);
      }
      try {
        decode(REJECTED, hurt);
      } catch (CoderException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(5_000, 19_999);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01feffffff0f", // an id of 2 GiB
        "01feffffffffffffffff01", // an id of 2^63 bytes
        "01ffffffffffffffffffff01", // a number of more than 64 bits
        "0103000000" // half a character
      })
  void impossibleLengthsAreRefusedBeforeMemoryIsTaken(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> decode(DOCUMENTS, bytes)).isInstanceOf(CoderException.class);
  }

  @Test
  void twoThousandMillionPartsAreRefused() throws Exception {
    Document bare =
        new Document(everything().id(), everything().provenance(), List.of(), List.of());
    byte[] bytes = encode(DOCUMENTS, bare);
    byte[] head = Arrays.copyOf(bytes, bytes.length - 2);
    byte[] hostile = Arrays.copyOf(head, head.length + 5);
    System.arraycopy(HexFormat.of().parseHex("ffffffff07"), 0, hostile, head.length, 5);
    assertThatThrownBy(() -> decode(DOCUMENTS, hostile))
        .isInstanceOf(CoderException.class)
        .hasMessage("cut off");
  }

  private static Document withNumbers(float small, double large) {
    Origin origin = new Origin(PartId.TEXT, "Embed", "1", "m");
    return Document.ofText(URI.create("urn:x"), "text/plain", "x")
        .plus(
            List.of(
                new Annotation.Label(origin, "language", "nl", large),
                new Annotation.Embedding(origin, new float[] {small})));
  }

  private static Failure failure() {
    return new Failure(RejectionCode.CORRUPT, "Ocr", "broken off", 1);
  }

  /** Every kind of part, content, annotation and step once. */
  static Document everything() {
    PartId page = new PartId("page:1");
    PartId ocr = new PartId("ocr:1");
    PartId sound = new PartId("sound");
    Origin reader = new Origin(page, "Ocr", "1", "");
    Origin embedder = new Origin(ocr, "Embed", "2", "all-minilm-l6-v2");
    Sha256 digest = Sha256.of(new byte[] {1, 2, 3});
    URI source = URI.create("file:///in/a.zip!b%2Fc.pdf");
    return new Document(
        DocumentId.of(source, digest),
        new Provenance(
            source,
            "application/pdf",
            123_456_789_012L,
            digest,
            List.of(
                Step.done("Ocr", "1", ""),
                Step.skipped("Transcribe", "1", "vosk-ko", "no model"),
                new Step("Translate", "1", "", Step.Status.FAILED, "broken"))),
        List.of(
            new FilePart(PartId.FILE, new Content.Inline(new byte[] {0, 1, (byte) 0xff})),
            new ImagePart(page, "application/pdf", new Content.SameAs(PartId.FILE), 1),
            new TextPart(ocr, page, TextPart.Role.OCR, 1, "Één \uD83D\uDE00 woord"),
            new TextPart(PartId.TEXT, PartId.TEXT, TextPart.Role.BODY, 0, "half \uD83D"),
            new TextPart(new PartId("said"), sound, TextPart.Role.TRANSCRIPT, 0, "hallo"),
            new AudioPart(
                sound,
                "audio/ogg",
                new Content.Reference(URI.create("s3://b/k"), 77, digest),
                Double.NaN)),
        List.of(
            new Annotation.Region(reader, "word", "Één", 0.5, 0, 3, 1, 10, 20.5, 30, 8),
            new Annotation.TextSpan(reader, "iban", "NL91ABNA0417164300", 1, 4, 22),
            new Annotation.Interval(
                new Origin(new PartId("said"), "Transcribe", "1", "vosk-ko"),
                "word",
                "hallo",
                Double.NaN,
                -1,
                -1,
                0.25,
                1.5),
            new Annotation.Label(reader, "language", "nl", 0.99),
            new Annotation.Rewrite(embedder, "summary", "Woord.", "nl", Double.NaN),
            new Annotation.Chunk(embedder, 0, "Één", 0, 3, 1, Double.NaN, Double.NaN, null),
            new Annotation.Chunk(
                embedder,
                1,
                "woord",
                7,
                12,
                1,
                0.5,
                1,
                new Annotation.Embedding(embedder, new float[] {1, -0.5f})),
            new Annotation.Embedding(embedder, new float[] {Float.NaN, 0})));
  }

  private static <T> byte[] encode(Coder<T> coder, T value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coder.encode(value, out);
    return out.toByteArray();
  }

  private static <T> T decode(Coder<T> coder, byte[] bytes) throws IOException {
    return coder.decode(new ByteArrayInputStream(bytes));
  }

  private static final String GOLDEN_2_ORIGINAL =
      "01" // there is a message
          + "010107" // its key
          + "020a7472616365010101086e6f6e6500" // its headers
          + "01030866696c65"; // its value: the same as part "file"

  private static final String GOLDEN_1 =
      "010140336465633233643035616531336166636337373433653365366439333065653734"
          + "66696c653a2f2f2f696e2f612e7a69702162253246632e7064661e6170706c6963617469"
          + "6f6e2f706466a8e8c8e99707039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced528"
          + "7d84a1a2011cfb8103064f63720231000100145472616e73637269626502310e766f736b"
          + "2d6b6f02106e6f206d6f64656c125472616e736c617465023100030c62726f6b656e0601"
          + "0866696c6501030001ff030c706167653a311e6170706c69636174696f6e2f7064660308"
          + "66696c6502020a6f63723a310c706167653a31020220c389c3a96e20f09f988020776f6f"
          + "7264020874657874087465787401001900680061006c00660020d83d0208736169640a73"
          + "6f756e6403000a68616c6c6f040a736f756e6412617564696f2f6f6767021073333a2f2f"
          + "622f6b9a01039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb"
          + "817ff80000000000000802000c706167653a31064f637202310008776f72643fe0000000"
          + "0000000ac389c3a96e00060240240000000000004034800000000000403e000000000000"
          + "40200000000000000100086962616e3ff0000000000000244e4c393141424e4130343137"
          + "313634333030082c03010873616964145472616e73637269626502310e766f736b2d6b6f"
          + "08776f72647ff80000000000000a68616c6c6f01013fd00000000000003ff80000000000"
          + "000400106c616e67756167653fefae147ae147ae046e6c05020a6f63723a310a456d6265"
          + "64023220616c6c2d6d696e696c6d2d6c362d76320e73756d6d6172797ff8000000000000"
          + "0c576f6f72642e046e6c0602000ac389c3a96e0006027ff80000000000007ff800000000"
          + "0000000602020a776f6f72640e18023fe00000000000003ff00000000000000102023f80"
          + "0000bf0000000702027fc00000000000000e434f5252555054064f63723262726f6b656e"
          + "206f66663b2073656e6420697420616761696e04";
}
