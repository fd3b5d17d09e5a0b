package dev.dragoman.operators.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Document;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeduplicateTest {
  private static final String LETTER =
      "Dear sir or madam, my invoice of last month was paid twice from my account and until today"
          + " nobody has answered any of the three letters that I wrote to your office about it.";

  @Test
  void smallestIdOfEqualTextsIsTheOriginal() {
    List<Document> copies =
        List.of(
            text("a", LETTER),
            text("b", LETTER.toUpperCase(java.util.Locale.ROOT)),
            text("c", "  " + LETTER.replace(",", " -- ").replace(" ", "\n")));
    Document smallest = Collections.min(copies, Comparator.comparing(Document::id));
    for (Document document : apply(copies)) {
      if (document.id().equals(smallest.id())) {
        assertThat(document.label("duplicate_of")).isEmpty();
      } else {
        Label label = document.label("duplicate_of").orElseThrow();
        assertThat(label.value()).isEqualTo(smallest.id().value());
        assertThat(label.confidence()).isEqualTo(1);
      }
      assertThat(document.provenance().steps()).hasSize(1);
    }
  }

  @Test
  void oneChangedWordIsStillADuplicateAndAnotherLetterIsNot() {
    List<Document> result =
        apply(
            List.of(
                text("a", LETTER),
                text("b", LETTER.replace("three", "four")),
                text("c", "The coffee machine on the second floor leaks since Monday morning.")));
    List<Label> labels = result.stream().flatMap(d -> d.label("duplicate_of").stream()).toList();
    assertThat(labels).hasSize(1);
    double jaccard = jaccard(LETTER, LETTER.replace("three", "four"));
    assertThat(labels.getFirst().confidence()).isCloseTo(jaccard, within(0.08));
    assertThat(result.get(2).label("duplicate_of")).isEmpty();
  }

  @Test
  void exactOnlyLeavesNearTextsAlone() {
    var config = new Deduplicate.Config(0.85, false, Deduplicate.Shingle.CHARACTERS, 5);
    List<Document> result =
        apply(
            config,
            List.of(
                text("a", LETTER), text("b", LETTER.replace("three", "four")), text("c", LETTER)));
    assertThat(result.stream().filter(d -> d.label("duplicate_of").isPresent())).hasSize(1);
  }

  @Test
  void wordShinglesFindMovedParagraphs() {
    var config = new Deduplicate.Config(0.8, true, Deduplicate.Shingle.WORDS, 2);
    String first = words(new Random(1), 60);
    String second = words(new Random(2), 60);
    List<Document> result =
        apply(config, List.of(text("a", first + ". " + second), text("b", second + ". " + first)));
    assertThat(result.stream().filter(d -> d.label("duplicate_of").isPresent())).hasSize(1);
  }

  @Test
  void documentsWithNothingInThemDuplicateNothing() {
    assertThat(apply(List.of(text("a", ""), text("b", ""), text("c", "   "))))
        .noneMatch(d -> d.label("duplicate_of").isPresent() && d.text().isEmpty());
  }

  @Test
  void textsOfSignsAreComparedAsTheyAre() {
    List<Document> result = apply(List.of(text("a", "!!!"), text("b", "???"), text("c", "!!!")));
    assertThat(result.get(1).label("duplicate_of")).isEmpty();
    assertThat(result.stream().filter(d -> d.label("duplicate_of").isPresent())).hasSize(1);
  }

  @Test
  void resultDoesNotDependOnTheOrder() {
    List<Document> documents = corpus(new Random(3), 300);
    Map<Object, Object> expected = originals(apply(documents));
    assertThat(expected).hasSizeGreaterThan(100);
    for (int seed = 0; seed < 3; seed++) {
      List<Document> shuffled = new ArrayList<>(documents);
      Collections.shuffle(shuffled, new Random(seed));
      assertThat(originals(apply(shuffled))).isEqualTo(expected);
    }
  }

  @Test
  void everyOriginalIsSimilarAndHasASmallerId() {
    List<Document> documents = corpus(new Random(4), 300);
    Map<String, String> texts = new HashMap<>();
    documents.forEach(d -> texts.put(d.id().value(), d.text()));
    for (Document document : apply(documents)) {
      document
          .label("duplicate_of")
          .ifPresent(label -> {
            assertThat(label.value()).isLessThan(document.id().value());
            assertThat(jaccard(document.text(), texts.getOrDefault(label.value(), "")))
                .isCloseTo(label.confidence(), within(0.12));
          });
    }
  }

  @Test
  void estimatesAreAsGoodAsPromised() {
    Random random = new Random(5);
    double squares = 0;
    int pairs = 300;
    for (int i = 0; i < pairs; i++) {
      String[] words = words(random, 120).split(" ", -1);
      String a = String.join(" ", words);
      for (int change = random.nextInt(30); change > 0; change--) {
        words[random.nextInt(words.length)] = words(random, 1);
      }
      String b = String.join(" ", words);
      double error = MinHash.similarity(signature(a), signature(b)) - jaccard(a, b);
      squares += error * error;
    }
    assertThat(Math.sqrt(squares / pairs)).isLessThan(0.035);
  }

  @Test
  void pairsAboveTheThresholdShareABucket() {
    Random random = new Random(6);
    Duplicates duplicates = new Duplicates(Deduplicate.Config.defaults());
    int similar = 0;
    int together = 0;
    for (int i = 0; i < 1500; i++) {
      String[] words = words(random, 100).split(" ", -1);
      Document a = text("a" + i, String.join(" ", words));
      for (int change = 1 + random.nextInt(6); change > 0; change--) {
        words[random.nextInt(words.length)] = words(random, 1);
      }
      Document b = text("b" + i, String.join(" ", words));
      if (jaccard(a.text(), b.text()) >= 0.85) {
        similar++;
        Set<Long> shared = new HashSet<>(duplicates.buckets(duplicates.sign(a).orElseThrow()));
        shared.retainAll(duplicates.buckets(duplicates.sign(b).orElseThrow()));
        together += shared.isEmpty() ? 0 : 1;
      }
    }
    assertThat(similar).isGreaterThan(300);
    assertThat(together).isGreaterThanOrEqualTo((int) (0.98 * similar));
  }

  @Test
  void impossibleThresholdsAreRefused() {
    assertThatThrownBy(() -> new Deduplicate.Config(85, true, Deduplicate.Shingle.WORDS, 3))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("threshold must be from 0.3 to 1, not 85");
    assertThatThrownBy(() -> new Deduplicate.Config(0.9, true, Deduplicate.Shingle.WORDS, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("shingle_size");
  }

  private static byte[] signature(String text) {
    return new Duplicates(Deduplicate.Config.defaults())
        .sign(text("x", text))
        .orElseThrow()
        .signature();
  }

  private static double jaccard(String a, String b) {
    Set<String> left = shingles(a);
    Set<String> right = shingles(b);
    Set<String> both = new HashSet<>(left);
    both.retainAll(right);
    return (double) both.size() / (left.size() + right.size() - both.size());
  }

  private static Set<String> shingles(String text) {
    String plain = Duplicates.plain(text);
    Set<String> shingles = new HashSet<>();
    for (int i = 0; i + 5 <= plain.length(); i++) {
      shingles.add(plain.substring(i, i + 5));
    }
    return shingles;
  }

  private static Map<Object, Object> originals(List<Document> documents) {
    Map<Object, Object> originals = new HashMap<>();
    for (Document document : documents) {
      document.label("duplicate_of").ifPresent(label -> originals.put(document.id(), label));
    }
    return originals;
  }

  /** Texts, a third of them exact or near copies of an earlier one. */
  static List<Document> corpus(Random random, int size) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int kind = i < 10 ? 5 : random.nextInt(6);
      String earlier = i < 10 ? "" : texts.get(random.nextInt(Math.min(i, 40)));
      texts.add(
          switch (kind) {
            case 0 -> earlier;
            case 1 -> earlier + " " + words(random, 1);
            case 2 -> earlier.replaceFirst("a", "e");
            default -> words(random, 20 + random.nextInt(60));
          });
    }
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      documents.add(text("row" + i, texts.get(i)));
    }
    return documents;
  }

  private static String words(Random random, int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(i == 0 ? "" : " ");
      for (int letters = 3 + random.nextInt(6); letters > 0; letters--) {
        words.append((char) ('a' + random.nextInt(26)));
      }
    }
    return words.toString();
  }

  private static Document text(String name, String text) {
    return Document.ofText(URI.create("file:///t.jsonl#" + name), "text/plain", text);
  }

  private static List<Document> apply(List<Document> documents) {
    return apply(Deduplicate.Config.defaults(), documents);
  }

  static List<Document> apply(Deduplicate.Config config, List<Document> documents) {
    try (Operator deduplicate = config.open(OperatorContext.local())) {
      return deduplicate.apply(documents).stream()
          .map(outcome -> ((Outcome.Enriched) outcome).document())
          .toList();
    }
  }
}
