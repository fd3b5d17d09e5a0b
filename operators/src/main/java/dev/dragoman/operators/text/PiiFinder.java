package dev.dragoman.operators.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds personal data of several kinds; of findings that overlap the surest, then the longest
 * stays.
 */
final class PiiFinder {
  private final Map<PiiKind, PiiRule> rules = new EnumMap<>(PiiKind.class);

  PiiFinder(Set<PiiKind> kinds, List<String> regions, boolean bsnWithoutContext) {
    for (PiiKind kind : kinds) {
      rules.put(
          kind,
          switch (kind) {
            case EMAIL -> new Emails();
            case PHONE -> new Phones(regions);
            case IBAN -> new Ibans();
            case BSN -> new Bsns(bsnWithoutContext);
            case CARD -> new Cards();
            case IP -> new IpAddresses();
            case POSTCODE -> new Postcodes();
          });
    }
  }

  /** What there is in a text, in its order; no two overlap. */
  List<Pii> find(String text) {
    if (!mayHoldAny(text)) {
      return List.of();
    }
    List<Pii> all = new ArrayList<>();
    rules.values().forEach(rule -> rule.find(text, all));
    all.sort(
        Comparator.comparingDouble(Pii::confidence)
            .thenComparingInt(Pii::length)
            .reversed()
            .thenComparingInt(Pii::start));
    TreeMap<Integer, Pii> byStart = new TreeMap<>();
    for (Pii pii : all) {
      Map.Entry<Integer, Pii> before = byStart.lowerEntry(pii.end());
      if (before == null || before.getValue().end() <= pii.start()) {
        byStart.put(pii.start(), pii);
      }
    }
    return List.copyOf(byStart.values());
  }

  /** Four digits, an at sign or two colons: without one of them there is nothing to find. */
  private static boolean mayHoldAny(String text) {
    int digits = 0;
    int colons = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      digits += Character.isDigit(c) ? 1 : 0;
      colons += c == ':' ? 1 : 0;
      if (c == '@' || digits >= 4 || colons >= 2) {
        return true;
      }
    }
    return false;
  }
}
