package dev.dragoman.operators.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Ways to translate a sentence in pieces that are put together again. */
final class Pieces {
  private Pieces() {}

  /**
   * A piece of a sentence.
   *
   * @param before blanks before it, which stay
   * @param text without blanks around it
   * @param translated whether it is translated; otherwise it stays
   */
  record Piece(String before, String text, boolean translated) {}

  /** What is carried over, and what stands around it. */
  static List<Piece> around(String sentence, List<Verbatim.Span> spans) {
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    for (Verbatim.Span span : spans) {
      int gap = between(sentence, from, span.start(), pieces);
      pieces.add(new Piece(sentence.substring(gap, span.start()), span.text(), false));
      from = span.end();
    }
    int gap = between(sentence, from, sentence.length(), pieces);
    if (gap < sentence.length()) {
      pieces.add(new Piece(sentence.substring(gap), "", false));
    }
    return pieces;
  }

  /** Adds what lies between, and tells where the blanks after it begin. */
  private static int between(String sentence, int from, int to, List<Piece> pieces) {
    String gap = sentence.substring(from, to);
    String text = gap.strip();
    if (text.isEmpty()) {
      return from;
    }
    int lead = gap.indexOf(text);
    boolean words = text.codePoints().filter(Character::isLetter).count() >= 2;
    pieces.add(new Piece(gap.substring(0, lead), text, words));
    return from + lead + text.length();
  }

  /** A sentence too long for a model: cut after a mark, or else a blank, near its middle. */
  static List<Piece> cut(String sentence, ToIntFunction<String> tokens, int most) {
    List<Piece> pieces = new ArrayList<>();
    cut("", sentence, tokens, most, pieces);
    return pieces;
  }

  private static void cut(
      String before, String text, ToIntFunction<String> tokens, int most, List<Piece> pieces) {
    int at = text.length() < 2 || tokens.applyAsInt(text) <= most ? -1 : middle(text);
    if (at < 0) {
      pieces.add(new Piece(before, text, true));
      return;
    }
    String rest = text.substring(at);
    String second = rest.stripLeading();
    cut(before, text.substring(0, at), tokens, most, pieces);
    cut(rest.substring(0, rest.length() - second.length()), second, tokens, most, pieces);
  }

  /** Where to cut, or -1. */
  private static int middle(String text) {
    int best = -1;
    double bestCost = Double.POSITIVE_INFINITY;
    double half = text.length() / 2.0;
    for (int i = 1; i < text.length(); i++) {
      if (text.charAt(i) != ' ' || text.charAt(i - 1) == ' ') {
        continue;
      }
      boolean mark = ",;:.!?)".indexOf(text.charAt(i - 1)) >= 0;
      double cost = Math.abs(i - half) / half + (mark ? 0 : 0.5);
      if (cost < bestCost) {
        best = i;
        bestCost = cost;
      }
    }
    if (best < 0 && text.length() > 1) {
      int cut = text.length() / 2;
      best = Character.isLowSurrogate(text.charAt(cut)) ? cut - 1 : cut;
    }
    return best <= 0 ? -1 : best;
  }

  /** A piece's translation as part of a sentence: no capital and no full stop that it had not. */
  static String fitted(String source, String translation) {
    String fitted = translation.strip();
    if (fitted.isEmpty()) {
      return source;
    }
    if (fitted.endsWith(".") && !source.endsWith(".")) {
      fitted = fitted.substring(0, fitted.length() - 1);
    }
    boolean word = fitted.length() > 1 && Character.isLowerCase(fitted.charAt(1));
    if (word && Character.isLowerCase(source.codePointAt(0))) {
      fitted = Character.toLowerCase(fitted.charAt(0)) + fitted.substring(1);
    }
    return fitted;
  }
}
