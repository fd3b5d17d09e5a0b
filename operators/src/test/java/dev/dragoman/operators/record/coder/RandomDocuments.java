package dev.dragoman.operators.record.coder;

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
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Provenance;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Documents of every variant with odd values in them, equal for equal seeds. */
final class RandomDocuments {
  private static final List<String> UNICODE =
      List.of(
          "",
          "plain",
          "eeuwenoude ruïne",
          "한국어 문장",
          "emoji \uD83D\uDE00 and \u0000 zero",
          "line\nbreak\ttab");
  private static final List<String> HALVES = List.of("half \uD83D of a pair", "\uDE00");
  private static final double[] NUMBERS = {
    0, -0.0, 1, 0.25, Double.NaN, Double.MIN_VALUE, -1e300, Double.POSITIVE_INFINITY
  };
  private static final int[] INTEGERS = {
    -1, 0, 1, 63, 64, 8191, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  private final Random random;
  private final List<String> texts;

  RandomDocuments(long seed) {
    this(seed, Stream.concat(UNICODE.stream(), HALVES.stream()).toList());
  }

  private RandomDocuments(long seed, List<String> texts) {
    this.random = new Random(seed);
    this.texts = texts;
  }

  /** Without texts that hold half of a surrogate pair. */
  static RandomDocuments ofUnicode(long seed) {
    return new RandomDocuments(seed, UNICODE);
  }

  Document document() {
    return new Document(
        DocumentId.of(uri(), digest()),
        new Provenance(uri(), text(), random.nextLong(), digest(), several(this::step)),
        several(this::part),
        several(this::annotation));
  }

  /** A document that came as a message. */
  @SuppressWarnings("NullAway") // does not see that arrays may be null in class files
  Document message() {
    Document document = document();
    return document.withProvenance(
        document
            .provenance()
            .withOriginal(
                new Original(
                    random.nextBoolean() ? bytes() : null,
                    several(
                        () -> new Original.Header(text(), random.nextBoolean() ? bytes() : null)),
                    switch (random.nextInt(3)) {
                      case 0 -> null;
                      case 1 -> new Content.Inline(bytes());
                      default -> new Content.SameAs(PartId.FILE);
                    })));
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    return bytes;
  }

  Rejected rejected() {
    // Those there were when the bytes of layout 1 were written: committed values depend on it.
    RejectionCode[] codes =
        Arrays.stream(RejectionCode.values())
            .filter(code -> code != RejectionCode.REFUSED)
            .toArray(RejectionCode[]::new);
    return new Rejected(
        document(), new Failure(codes[random.nextInt(codes.length)], text(), text(), integer()));
  }

  private Step step() {
    Step.Status[] all = Step.Status.values();
    return new Step(text(), text(), text(), all[random.nextInt(all.length)], text());
  }

  private Part part() {
    return switch (random.nextInt(4)) {
      case 0 -> new FilePart(partId(), content());
      case 1 -> {
        TextPart.Role[] all = TextPart.Role.values();
        yield new TextPart(partId(), partId(), all[random.nextInt(all.length)], integer(), text());
      }
      case 2 -> new ImagePart(partId(), text(), content(), integer());
      default -> new AudioPart(partId(), text(), content(), number());
    };
  }

  private Content content() {
    return switch (random.nextInt(3)) {
      case 0 -> {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        yield new Content.Inline(bytes);
      }
      case 1 -> new Content.Reference(uri(), random.nextLong(), digest());
      default -> new Content.SameAs(partId());
    };
  }

  private Annotation annotation() {
    return switch (random.nextInt(8)) {
      case 0 -> new Annotation.TextSpan(origin(), text(), text(), number(), integer(), integer());
      case 1 ->
          new Annotation.Region(
              origin(), text(), text(), number(), integer(), integer(), integer(), number(),
              number(), number(), number());
      case 2 ->
          new Annotation.Interval(
              origin(), text(), text(), number(), integer(), integer(), number(), number());
      case 3 -> new Annotation.Label(origin(), text(), text(), number());
      case 4 -> new Annotation.Rewrite(origin(), text(), text(), text(), number());
      case 5 -> chunk();
      case 6 -> chunk().withEmbedding(embedding());
      default -> embedding();
    };
  }

  private Annotation.Chunk chunk() {
    return new Annotation.Chunk(
        origin(), integer(), text(), integer(), integer(), integer(), number(), number(), null);
  }

  private Annotation.Embedding embedding() {
    float[] vector = new float[random.nextInt(400)];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = i % 7 == 3 ? Float.NaN : random.nextFloat() - 0.5f;
    }
    return new Annotation.Embedding(origin(), vector);
  }

  private Origin origin() {
    return new Origin(partId(), "Operator" + random.nextInt(3), "1", random.nextInt(2) + "");
  }

  private PartId partId() {
    return new PartId("part:" + random.nextInt(3));
  }

  private URI uri() {
    return URI.create("file:///tmp/a%20b.zip!dir%2Fe" + random.nextInt(100) + "#row=3");
  }

  private Sha256 digest() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return Sha256.of(bytes);
  }

  private String text() {
    return texts.get(random.nextInt(texts.size())).repeat(1 + random.nextInt(3));
  }

  private double number() {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private int integer() {
    return INTEGERS[random.nextInt(INTEGERS.length)];
  }

  private <T> List<T> several(Supplier<T> one) {
    List<T> list = new ArrayList<>();
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      list.add(one.get());
    }
    return list;
  }
}
