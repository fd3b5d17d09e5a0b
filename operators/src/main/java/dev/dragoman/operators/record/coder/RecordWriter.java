package dev.dragoman.operators.record.coder;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Original;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.Provenance;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one document in layout 2; the layout is told in the package's description. */
final class RecordWriter {
  static final int VERSION = 2;

  private final OutputStream out;
  private final Map<Origin, Integer> origins = new HashMap<>();

  RecordWriter(OutputStream out) {
    this.out = out;
  }

  void document(Document document) throws IOException {
    out.write(VERSION);
    string(document.id().value());
    provenance(document.provenance());
    uint(document.parts().size());
    for (Part part : document.parts()) {
      part(part);
    }
    uint(document.annotations().size());
    for (Annotation annotation : document.annotations()) {
      annotation(annotation);
    }
  }

  void failure(Failure failure) throws IOException {
    string(failure.code().name());
    string(failure.operator());
    string(failure.message());
    integer(failure.attempts());
  }

  private void provenance(Provenance provenance) throws IOException {
    string(provenance.source().toString());
    string(provenance.mediaType());
    integer(provenance.size());
    digest(provenance.digest());
    uint(provenance.steps().size());
    for (Step step : provenance.steps()) {
      string(step.operator());
      string(step.version());
      string(step.model());
      out.write(
          switch (step.status()) {
            case DONE -> 1;
            case SKIPPED -> 2;
            case FAILED -> 3;
          });
      string(step.note());
    }
    Original original = provenance.original();
    out.write(original == null ? 0 : 1);
    if (original != null) {
      original(original);
    }
  }

  private void original(Original original) throws IOException {
    octets(original.key());
    uint(original.headers().size());
    for (Original.Header header : original.headers()) {
      string(header.name());
      octets(header.value());
    }
    Content value = original.value();
    out.write(value == null ? 0 : 1);
    if (value != null) {
      content(value);
    }
  }

  private void octets(byte @Nullable [] bytes) throws IOException {
    out.write(bytes == null ? 0 : 1);
    if (bytes != null) {
      uint(bytes.length);
      out.write(bytes);
    }
  }

  private void part(Part part) throws IOException {
    switch (part) {
      case FilePart file -> {
        out.write(1);
        string(file.id().value());
        content(file.content());
      }
      case TextPart text -> {
        out.write(2);
        string(text.id().value());
        string(text.from().value());
        out.write(
            switch (text.role()) {
              case BODY -> 1;
              case OCR -> 2;
              case TRANSCRIPT -> 3;
            });
        integer(text.page());
        string(text.text());
      }
      case ImagePart image -> {
        out.write(3);
        string(image.id().value());
        string(image.mediaType());
        content(image.content());
        integer(image.page());
      }
      case AudioPart audio -> {
        out.write(4);
        string(audio.id().value());
        string(audio.mediaType());
        content(audio.content());
        real(audio.durationSeconds());
      }
    }
  }

  private void content(Content content) throws IOException {
    switch (content) {
      case Content.Inline inline -> {
        out.write(1);
        uint(inline.bytes().length);
        out.write(inline.bytes());
      }
      case Content.Reference reference -> {
        out.write(2);
        string(reference.uri().toString());
        integer(reference.length());
        digest(reference.sha256());
      }
      case Content.SameAs same -> {
        out.write(3);
        string(same.part().value());
      }
    }
  }

  private void annotation(Annotation annotation) throws IOException {
    switch (annotation) {
      case Annotation.TextSpan span -> {
        out.write(1);
        finding(span);
        string(span.value());
        integer(span.start());
        integer(span.end());
      }
      case Annotation.Region region -> {
        out.write(2);
        finding(region);
        string(region.value());
        integer(region.start());
        integer(region.end());
        integer(region.page());
        real(region.x());
        real(region.y());
        real(region.width());
        real(region.height());
      }
      case Annotation.Interval interval -> {
        out.write(3);
        finding(interval);
        string(interval.value());
        integer(interval.start());
        integer(interval.end());
        real(interval.startSeconds());
        real(interval.endSeconds());
      }
      case Annotation.Label label -> {
        out.write(4);
        finding(label);
        string(label.value());
      }
      case Annotation.Rewrite rewrite -> {
        out.write(5);
        finding(rewrite);
        string(rewrite.value());
        string(rewrite.language());
      }
      case Annotation.Chunk chunk -> {
        out.write(6);
        origin(chunk.origin());
        integer(chunk.ordinal());
        string(chunk.text());
        integer(chunk.start());
        integer(chunk.end());
        integer(chunk.page());
        real(chunk.startSeconds());
        real(chunk.endSeconds());
        Annotation.Embedding embedding = chunk.embedding();
        out.write(embedding == null ? 0 : 1);
        if (embedding != null) {
          embedding(embedding);
        }
      }
      case Annotation.Embedding embedding -> {
        out.write(7);
        embedding(embedding);
      }
    }
  }

  /** What spans, regions, intervals, labels and rewrites begin with. */
  private void finding(Annotation annotation) throws IOException {
    origin(annotation.origin());
    string(annotation.kind());
    real(annotation.confidence());
  }

  private void embedding(Annotation.Embedding embedding) throws IOException {
    origin(embedding.origin());
    float[] vector = embedding.vector();
    uint(vector.length);
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(vector.length, Float.BYTES));
    for (float value : vector) {
      bytes.putInt(Float.floatToIntBits(value));
    }
    out.write(bytes.array());
  }

  private void origin(Origin origin) throws IOException {
    Integer known = origins.get(origin);
    if (known != null) {
      uint(known);
      return;
    }
    uint(origins.size());
    origins.put(origin, origins.size());
    string(origin.part().value());
    string(origin.operator());
    string(origin.operatorVersion());
    string(origin.model());
  }

  private void digest(Sha256 digest) throws IOException {
    out.write(HexFormat.of().parseHex(digest.hex()));
  }

  private void string(String text) throws IOException {
    if (isUnicode(text)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      uint(2L * bytes.length);
      out.write(bytes);
      return;
    }
    ByteBuffer units = ByteBuffer.allocate(Math.multiplyExact(text.length(), Character.BYTES));
    for (int i = 0; i < text.length(); i++) {
      units.putChar(text.charAt(i));
    }
    uint(2L * units.capacity() + 1);
    out.write(units.array());
  }

  /** Whether every surrogate has its partner, so that UTF-8 can say it. */
  private static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        if (Character.isLowSurrogate(unit)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private void real(double value) throws IOException {
    out.write(ByteBuffer.allocate(Double.BYTES).putLong(Double.doubleToLongBits(value)).array());
  }

  private void integer(long value) throws IOException {
    uint((value << 1) ^ (value >> 63));
  }

  /** Takes all 64 bits as one number without sign. */
  private void uint(long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
