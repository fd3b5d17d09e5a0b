package dev.dragoman.models;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody meant by a name that does not exist. */
public final class Nearest {
  private Nearest() {}

  /** The known name with the smallest edit distance, if it is near enough to be meant. */
  public static Optional<String> name(String wanted, Collection<String> known) {
    int limit = Math.max(2, wanted.length() / 3);
    return known.stream()
        .filter(candidate -> distance(wanted, candidate) <= limit)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(wanted, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The end of a message: what was probably meant, or what there is. */
  public static String hint(String wanted, Collection<String> known) {
    if (known.isEmpty()) {
      return "";
    }
    return name(wanted, known)
        .map(near -> "; did you mean '" + near + "'?")
        .orElseGet(() -> "; there is " + String.join(", ", known));
  }

  /** Edit distance with upper and lower case taken as equal. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1))
                ? diagonal
                : diagonal + 1;
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
