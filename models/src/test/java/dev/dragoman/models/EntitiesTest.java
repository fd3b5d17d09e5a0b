package dev.dragoman.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dragoman.models.TokenClassifier.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntitiesTest {
  private static List<String> entities(String... labels) {
    List<Span> tokens = new ArrayList<>();
    for (String label : labels) {
      int start = 2 * tokens.size();
      tokens.add(new Span(label, (tokens.size() + 1) / 10.0, start, start + 1));
    }
    return Entities.of(tokens).stream()
        .map(span -> "%s %d-%d".formatted(span.label(), span.start(), span.end()))
        .toList();
  }

  @Test
  void aBeginningStartsAnotherEntityOfTheSameKind() {
    assertThat(entities("O", "B-PER", "I-PER", "B-PER", "O")).containsExactly("PER 2-5", "PER 6-7");
  }

  @Test
  void goingOnWithoutABeginningIsAnEntityToo() {
    assertThat(entities("I-PER", "I-PER", "I-LOC", "O", "I-LOC"))
        .containsExactly("PER 0-3", "LOC 4-5", "LOC 8-9");
  }

  @Test
  void anEndEndsAnEntityAndASingleStandsAlone() {
    assertThat(entities("B-PER", "I-PER", "E-PER", "I-PER", "S-PER", "S-PER", "I-PER"))
        .containsExactly("PER 0-5", "PER 6-7", "PER 8-9", "PER 10-11", "PER 12-13");
  }

  @Test
  void labelsWithoutPlacesJoinTheirNeighbours() {
    assertThat(entities("PER", "PER", "O", "PER", "LOC"))
        .containsExactly("PER 0-3", "PER 6-7", "LOC 8-9");
  }

  @Test
  void anEntityScoresTheMeanOfItsTokens() {
    List<Span> found =
        Entities.of(List.of(new Span("B-PER", 0.5, 0, 1), new Span("I-PER", 1, 2, 3)));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().score()).isCloseTo(0.75, within(1e-12));
  }
}
