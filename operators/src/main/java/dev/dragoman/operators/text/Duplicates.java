package dev.dragoman.operators.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps by which duplicates are found, for a list in memory as for a Beam graph.
 *
 * <ol>
 *   <li>{@link #sign} makes of each document a key, equal for equal texts, and a signature.
 *   <li>Of all documents with one key only the one with the smallest id goes on.
 *   <li>{@link #buckets} puts it into buckets that it shares with similar texts.
 *   <li>{@link #near} finds, within a bucket, for each text the smallest id that is similar enough.
 *   <li>{@link #smallest} of those of all buckets is what the text, and every equal one,
 *       duplicates.
 * </ol>
 *
 * Each step depends on a set of documents and not on its order, so that every way to run them gives
 * the same result.
 */
public final class Duplicates {
  /** A bucket's texts are compared with this many of its smallest ids and no more. */
  private static final int MOST_COMPARED = 64;

  /**
   * What stands for a document.
   *
   * @param key equal for documents whose texts are equal but for case, punctuation and blanks
   * @param signature 256 bytes, or none where the text is too short to be similar to another
   */
  public record Signed(DocumentId id, String key, byte[] signature) {}

  /** The document that another one duplicates, and how similar they are, 0 to 1. */
  public record Original(DocumentId id, double similarity) {}

  /** What was found about one document. */
  public record Finding(DocumentId id, Original original) {}

  private final Deduplicate.Config config;
  private final MinHash minHash;

  /** For this configuration. */
  public Duplicates(Deduplicate.Config config) {
    this.config = config;
    this.minHash = new MinHash(config.threshold());
  }

  /** The key and signature of a document; empty if there is nothing in it to compare. */
  public Optional<Signed> sign(Document document) {
    String text = document.text();
    if (text.isBlank()) {
      return document.provenance().size() == 0
          ? Optional.empty()
          : Optional.of(
              new Signed(
                  document.id(), "bytes:" + document.provenance().digest().hex(), new byte[0]));
    }
    String plain = plain(text);
    String key = plain.isEmpty() ? text.strip() : plain;
    return Optional.of(
        new Signed(
            document.id(),
            "text:" + Sha256.of(key.getBytes(UTF_8)).hex(),
            config.near() ? signature(plain) : new byte[0]));
  }

  /** The text in small letters and digits with one blank for everything between. */
  static String plain(String text) {
    String lower = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    StringBuilder plain = new StringBuilder(lower.length());
    boolean blank = false;
    for (int i = 0; i < lower.length(); ) {
      int c = lower.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK) {
        if (blank && !plain.isEmpty()) {
          plain.append(' ');
        }
        blank = false;
        plain.appendCodePoint(c);
      } else {
        blank = true;
      }
    }
    return plain.toString();
  }

  private byte[] signature(String plain) {
    MinHash.Builder builder = new MinHash.Builder();
    return switch (config.shingle()) {
      case CHARACTERS -> characters(plain, builder);
      case WORDS -> words(plain, builder);
    };
  }

  private byte[] characters(String plain, MinHash.Builder builder) {
    int size = config.shingleSize();
    for (int i = 0; i + size <= plain.length(); i++) {
      builder.add(MinHash.mix(hash(plain, i, i + size)));
    }
    return plain.length() < size ? new byte[0] : builder.signature();
  }

  private byte[] words(String plain, MinHash.Builder builder) {
    int size = config.shingleSize();
    long[] words = new long[size];
    int count = 0;
    int start = 0;
    while (start < plain.length()) {
      int blank = plain.indexOf(' ', start);
      int end = blank < 0 ? plain.length() : blank;
      words[count++ % size] = hash(plain, start, end);
      if (count >= size) {
        long shingle = 0;
        for (int i = 0; i < size; i++) {
          shingle = shingle * 0x9E3779B97F4A7C15L + words[(count + i) % size];
        }
        builder.add(MinHash.mix(shingle));
      }
      start = end + 1;
    }
    return count < size ? new byte[0] : builder.signature();
  }

  private static long hash(String text, int start, int end) {
    long hash = 1;
    for (int i = start; i < end; i++) {
      hash = hash * 0x100000001B3L + text.charAt(i);
    }
    return hash;
  }

  /** The buckets a text is compared in. */
  public List<Long> buckets(Signed signed) {
    List<Long> buckets = new ArrayList<>();
    if (signed.signature().length > 0) {
      for (int band = 0; band < minHash.bands(); band++) {
        buckets.add(minHash.bucket(signed.signature(), band));
      }
    }
    return buckets;
  }

  /**
   * For each text of a bucket the smallest id among those at least {@code threshold} similar to it.
   * In a bucket of many, only the {@value #MOST_COMPARED} smallest ids are compared with.
   */
  public List<Finding> near(Iterable<Signed> bucket) {
    List<Signed> sorted = new ArrayList<>();
    bucket.forEach(sorted::add);
    sorted.sort(Comparator.comparing(Signed::id));
    List<Finding> findings = new ArrayList<>();
    for (int i = 1; i < sorted.size(); i++) {
      Signed one = sorted.get(i);
      for (int j = 0; j < Math.min(i, MOST_COMPARED); j++) {
        Signed smaller = sorted.get(j);
        double similarity = MinHash.similarity(one.signature(), smaller.signature());
        if (similarity >= config.threshold() && !smaller.id().equals(one.id())) {
          findings.add(new Finding(one.id(), new Original(smaller.id(), similarity)));
          break;
        }
      }
    }
    return findings;
  }

  /** The one with the smaller id. */
  public static Original smallest(@Nullable Original a, Original b) {
    return a == null || b.id().compareTo(a.id()) < 0 ? b : a;
  }

  /** What an exact copy of {@code original} duplicates, given what that one duplicates itself. */
  public static Original ofCopy(DocumentId original, @Nullable Original duplicated) {
    return duplicated == null ? new Original(original, 1) : duplicated;
  }

  /** The document with what was found about it. */
  public static Document labelled(Document document, @Nullable Original original) {
    Document done = document.with(Step.done(Deduplicate.NAME, Deduplicate.VERSION, ""));
    if (original == null) {
      return done;
    }
    PartId part =
        document.textParts().stream()
            .findFirst()
            .map(TextPart::id)
            .orElse(document.parts().isEmpty() ? PartId.FILE : document.parts().getFirst().id());
    return done.plus(
        List.of(
            new Label(
                new Origin(part, Deduplicate.NAME, Deduplicate.VERSION, ""),
                Deduplicate.KIND,
                original.id().value(),
                original.similarity())));
  }

  /** All documents in their order, each with what it duplicates. */
  List<Document> label(List<Document> documents) {
    Map<String, List<Signed>> byKey = new HashMap<>();
    for (Document document : documents) {
      sign(document).ifPresent(s -> byKey.computeIfAbsent(s.key(), _ -> new ArrayList<>()).add(s));
    }
    Map<Long, List<Signed>> byBucket = new HashMap<>();
    for (List<Signed> equal : byKey.values()) {
      equal.sort(Comparator.comparing(Signed::id));
      Signed first = equal.getFirst();
      buckets(first).forEach(b -> byBucket.computeIfAbsent(b, _ -> new ArrayList<>()).add(first));
    }
    Map<DocumentId, Original> originals = new HashMap<>();
    byBucket
        .values()
        .forEach(bucket ->
            near(bucket).forEach(f -> originals.merge(f.id(), f.original(), Duplicates::smallest)));
    for (List<Signed> equal : byKey.values()) {
      DocumentId first = equal.getFirst().id();
      Original original = originals.get(first);
      for (Signed copy : equal) {
        if (!copy.id().equals(first)) {
          originals.put(copy.id(), ofCopy(first, original));
        }
      }
    }
    return documents.stream().map(d -> labelled(d, originals.get(d.id()))).toList();
  }
}
