package dev.dragoman.operators.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PiiFinderTest {
  private static final List<String> REGIONS = List.of("NL", "BE", "GB", "US", "PT", "DE");

  private final PiiFinder finder = new PiiFinder(EnumSet.allOf(PiiKind.class), REGIONS, false);

  /** Findings count as right only with exactly the marked words. */
  @ParameterizedTest
  @EnumSource(PiiKind.class)
  void labelledSentencesAreFoundWithoutFalseAlarms(PiiKind kind) {
    int marked = 0;
    int right = 0;
    int reported = 0;
    List<String> wrong = new ArrayList<>();
    List<LabelledSentences> sentences = new ArrayList<>(LabelledSentences.in("pii.tsv"));
    sentences.addAll(LabelledSentences.in("pii-heldout.tsv"));
    for (LabelledSentences sentence : sentences) {
      Set<List<Integer>> wanted = new HashSet<>();
      sentence.marks().stream()
          .filter(mark -> mark.kind() == kind)
          .forEach(mark -> wanted.add(List.of(mark.start(), mark.end())));
      marked += wanted.size();
      for (Pii pii : finder.find(sentence.text())) {
        if (pii.kind() == kind) {
          reported++;
          if (wanted.remove(List.of(pii.start(), pii.end()))) {
            right++;
          } else {
            wrong.add("false alarm: " + pii + " in: " + sentence.text());
          }
        }
      }
      wanted.forEach(at ->
          wrong.add(
              "missed: "
                  + sentence.text().substring(at.get(0), at.get(1))
                  + " in: "
                  + sentence.text()));
    }
    double precision = (double) right / reported;
    double recall = (double) right / marked;
    assertThat(marked).isGreaterThanOrEqualTo(10);
    assertThat(precision).as("precision; " + wrong).isGreaterThanOrEqualTo(0.97);
    assertThat(recall).as("recall; " + wrong).isGreaterThanOrEqualTo(0.97);
  }
}
