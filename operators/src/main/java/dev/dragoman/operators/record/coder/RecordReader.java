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
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one document. Whatever the bytes are, it answers a document or a {@link CoderException}: a
 * length is believed only as far as there are bytes, and no memory is taken before they are there.
 */
final class RecordReader {
  private final InputStream in;
  private final List<Origin> origins = new ArrayList<>();
  private int layout;

  RecordReader(InputStream in) {
    this.in = in;
  }

  Document document() throws IOException {
    layout = version("document");
    try {
      return new Document(
          new DocumentId(string()), provenance(), list(this::part), list(this::annotation));
    } catch (IllegalArgumentException e) {
      throw new CoderException("not an encoded document: " + e.getMessage(), e);
    }
  }

  Failure failure() throws IOException {
    String code = string();
    RejectionCode known;
    try {
      known = RejectionCode.valueOf(code);
    } catch (IllegalArgumentException e) {
      throw new CoderException("no such rejection code: " + code, e);
    }
    return new Failure(known, string(), string(), integer());
  }

  /** The layout that follows. */
  int version(String what) throws IOException {
    int version = octet();
    if (version < 1 || version > RecordWriter.VERSION) {
      throw new CoderException(
          "a "
              + what
              + " in layout "
              + version
              + ", but this release reads layouts 1 to "
              + RecordWriter.VERSION
              + ": it was written by a newer release, or these bytes are something else");
    }
    return version;
  }

  private Provenance provenance() throws IOException {
    return new Provenance(
        uri(),
        string(),
        longInteger(),
        digest(),
        list(this::step),
        layout >= 2 && isPresent("message") ? original() : null);
  }

  private Original original() throws IOException {
    return new Original(
        optionalOctets(), list(this::header), isPresent("value") ? content() : null);
  }

  private Original.Header header() throws IOException {
    return new Original.Header(string(), optionalOctets());
  }

  private byte @Nullable [] optionalOctets() throws IOException {
    return isPresent("key or header") ? octets(uint()) : null;
  }

  private boolean isPresent(String what) throws IOException {
    int tag = octet();
    return switch (tag) {
      case 0 -> false;
      case 1 -> true;
      default -> throw unknown("presence of a " + what, tag);
    };
  }

  private Step step() throws IOException {
    return new Step(string(), string(), string(), status(), string());
  }

  private Step.Status status() throws IOException {
    int tag = octet();
    return switch (tag) {
      case 1 -> Step.Status.DONE;
      case 2 -> Step.Status.SKIPPED;
      case 3 -> Step.Status.FAILED;
      default -> throw unknown("status of a step", tag);
    };
  }

  private Part part() throws IOException {
    int tag = octet();
    return switch (tag) {
      case 1 -> new FilePart(partId(), content());
      case 2 -> new TextPart(partId(), partId(), role(), integer(), string());
      case 3 -> new ImagePart(partId(), string(), content(), integer());
      case 4 -> new AudioPart(partId(), string(), content(), real());
      default -> throw unknown("kind of part", tag);
    };
  }

  private TextPart.Role role() throws IOException {
    int tag = octet();
    return switch (tag) {
      case 1 -> TextPart.Role.BODY;
      case 2 -> TextPart.Role.OCR;
      case 3 -> TextPart.Role.TRANSCRIPT;
      default -> throw unknown("role of a text", tag);
    };
  }

  private Content content() throws IOException {
    int tag = octet();
    return switch (tag) {
      case 1 -> new Content.Inline(octets(uint()));
      case 2 -> new Content.Reference(uri(), longInteger(), digest());
      case 3 -> new Content.SameAs(partId());
      default -> throw unknown("kind of content", tag);
    };
  }

  private Annotation annotation() throws IOException {
    int tag = octet();
    return switch (tag) {
      case 1, 2, 3, 4, 5 -> finding(tag, origin(), string(), real(), string());
      case 6 ->
          new Annotation.Chunk(
              origin(),
              integer(),
              string(),
              integer(),
              integer(),
              integer(),
              real(),
              real(),
              chunkEmbedding());
      case 7 -> embedding();
      default -> throw unknown("kind of annotation", tag);
    };
  }

  private Annotation finding(int tag, Origin origin, String kind, double confidence, String value)
      throws IOException {
    return switch (tag) {
      case 1 -> new Annotation.TextSpan(origin, kind, value, confidence, integer(), integer());
      case 2 ->
          new Annotation.Region(
              origin,
              kind,
              value,
              confidence,
              integer(),
              integer(),
              integer(),
              real(),
              real(),
              real(),
              real());
      case 3 ->
          new Annotation.Interval(
              origin, kind, value, confidence, integer(), integer(), real(), real());
      case 4 -> new Annotation.Label(origin, kind, value, confidence);
      case 5 -> new Annotation.Rewrite(origin, kind, value, string(), confidence);
      default -> throw unknown("kind of annotation", tag);
    };
  }

  private Annotation.@Nullable Embedding chunkEmbedding() throws IOException {
    return isPresent("vector") ? embedding() : null;
  }

  private Annotation.Embedding embedding() throws IOException {
    Origin origin = origin();
    long length = uint();
    if (length < 0 || length > Integer.MAX_VALUE / Float.BYTES) {
      throw tooLong(length);
    }
    ByteBuffer bytes = ByteBuffer.wrap(octets(length * Float.BYTES));
    float[] vector = new float[(int) length];
    bytes.asFloatBuffer().get(vector);
    return new Annotation.Embedding(origin, vector);
  }

  private Origin origin() throws IOException {
    long number = uint();
    if (number < 0 || number > origins.size()) {
      throw new CoderException(
          "origin "
              + Long.toUnsignedString(number)
              + " named after "
              + origins.size()
              + " of them");
    }
    if (number < origins.size()) {
      return origins.get((int) number);
    }
    Origin origin = new Origin(partId(), string(), string(), string());
    origins.add(origin);
    return origin;
  }

  private PartId partId() throws IOException {
    return new PartId(string());
  }

  private URI uri() throws IOException {
    String text = string();
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new CoderException("not an address: " + e.getMessage(), e);
    }
  }

  private Sha256 digest() throws IOException {
    return new Sha256(HexFormat.of().formatHex(octets(32)));
  }

  /** Reads one element of a list. */
  @FunctionalInterface
  private interface Element<T> {
    T read() throws IOException;
  }

  private <T> List<T> list(Element<T> element) throws IOException {
    long count = uint();
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw tooLong(count);
    }
    List<T> list = new ArrayList<>((int) Math.min(count, 64));
    for (long i = 0; i < count; i++) {
      list.add(element.read());
    }
    return list;
  }

  private String string() throws IOException {
    long head = uint();
    byte[] bytes = octets(head >>> 1);
    if ((head & 1) == 0) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw new CoderException("text that is not UTF-8", e);
      }
    }
    if (bytes.length % Character.BYTES != 0) {
      throw new CoderException("half a character at the end of a text");
    }
    return ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  private double real() throws IOException {
    return ByteBuffer.wrap(octets(Double.BYTES)).getDouble();
  }

  private int integer() throws IOException {
    long value = longInteger();
    if (value != (int) value) {
      throw new CoderException(value + " where 32 bits are meant");
    }
    return (int) value;
  }

  private long longInteger() throws IOException {
    long raw = uint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** Negative where the highest of the 64 bits is set. */
  private long uint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int octet = octet();
      if (shift == 63 && octet > 1) {
        break;
      }
      value |= (long) (octet & 0x7F) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw new CoderException("a number of more than 64 bits");
  }

  private byte[] octets(long length) throws IOException {
    if (length < 0 || length > Integer.MAX_VALUE - 8) {
      throw tooLong(length);
    }
    // Takes memory as bytes arrive, not as announced.
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new CoderException(
          "cut off: " + length + " bytes announced, " + bytes.length + " there");
    }
    return bytes;
  }

  private int octet() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new CoderException("cut off");
    }
    return octet;
  }

  private static CoderException tooLong(long length) {
    return new CoderException("an impossible length: " + Long.toUnsignedString(length));
  }

  private static CoderException unknown(String what, int tag) {
    return new CoderException("an unknown " + what + ": " + tag);
  }
}
