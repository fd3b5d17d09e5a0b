package dev.dragoman.models;

import dev.dragoman.models.TokenClassifier.Span;
import java.util.ArrayList;
import java.util.List;

/** Puts labelled tokens together to entities. */
final class Entities {
  private static final String BEGINS = "BSU";
  private static final String ENDS = "ESLU";

  private Entities() {}

  /** A label in two parts; one without a known first part counts as going on. */
  private record Tag(char place, String kind) {
    static Tag of(String label) {
      boolean placed =
          label.length() > 1 && label.charAt(1) == '-' && "BIESLU".indexOf(label.charAt(0)) >= 0;
      return placed ? new Tag(label.charAt(0), label.substring(2)) : new Tag('I', label);
    }

    boolean follows(Tag before) {
      return kind.equals(before.kind)
          && BEGINS.indexOf(place) < 0
          && ENDS.indexOf(before.place) < 0;
    }
  }

  static List<Span> of(List<Span> tokens) {
    List<Span> entities = new ArrayList<>();
    for (int from = 0; from < tokens.size(); ) {
      Tag tag = Tag.of(tokens.get(from).label());
      double sum = tokens.get(from).score();
      int to = from + 1;
      Tag last = tag;
      while (to < tokens.size() && Tag.of(tokens.get(to).label()).follows(last)) {
        last = Tag.of(tokens.get(to).label());
        sum += tokens.get(to).score();
        to++;
      }
      if (!tag.kind.equals("O")) {
        entities.add(
            new Span(
                tag.kind, sum / (to - from), tokens.get(from).start(), tokens.get(to - 1).end()));
      }
      from = to;
    }
    return List.copyOf(entities);
  }
}
