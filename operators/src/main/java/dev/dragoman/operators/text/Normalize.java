package dev.dragoman.operators.text;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cleans text and keeps every annotation pointing at the words it pointed at. */
public final class Normalize implements Operator {
  static final String NAME = "Normalize";
  static final String VERSION = "1";

  /** How text is cleaned. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Cleans the text of a document and keeps every annotation on its words.",
      details =
          "Rewrites the text parts in place and adds nothing. Offsets of spans, boxes, times and"
              + " chunks that were made before are moved along, so that they still point at the"
              + " same words, and values that quote those words quote the cleaned ones. Documents"
              + " without text go through unchanged. It never fails.")
  public record Config(
      @Param(
              value =
                  "Composes characters to Unicode normal form C, so that an accent is part of its"
                      + " letter.",
              fallback = "true")
          boolean unicode,
      @Param(
              value =
                  "Removes control characters, zero-width spaces and byte order marks, and ends"
                      + " every line with a line feed. Marks of writing direction and joiners are"
                      + " kept.",
              fallback = "true")
          boolean controlCharacters,
      @Param(
              value = "Removes soft hyphens, together with the line end behind them.",
              fallback = "true")
          boolean softHyphens,
      @Param(
              value = "Writes typographic ligatures such as ﬁ and ĳ as separate letters.",
              fallback = "true")
          boolean ligatures,
      @Param(
              value =
                  "Joins a word that is hyphenated at the end of a line when it goes on in lower"
                      + " case on the next. A hyphen that stands for an omitted part, as in 'zee-"
                      + " en luchtvaart', is kept.",
              fallback = "true")
          boolean hyphenation,
      @Param(
              value =
                  "Makes one space of every run of blanks, removes blanks at line ends and at both"
                      + " ends of the text, and leaves at most one empty line between lines.",
              fallback = "true")
          boolean blanks,
      @Param(
              value =
                  "Repairs UTF-8 that was read as Windows-1252 (cafÃ© for café), in lines where"
                      + " every character outside ASCII is part of such damage; other lines are"
                      + " left as they are.",
              fallback = "true")
          boolean mojibake)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    /** Everything switched on. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    @Override
    public Normalize open(OperatorContext context) {
      return new Normalize(this);
    }
  }

  private static final Pattern LINE_END = Pattern.compile("\n");
  private static final Pattern SOFT_HYPHEN =
      Pattern.compile("\\u00AD(?:[ \\t]*+\\n[ \\t]*+(?=\\p{Ll}))?");
  private static final Pattern HYPHENATION =
      Pattern.compile(
          "(?<=\\p{L}\\p{Ll})[-\\u2010][ \\t]*+\\n[ \\t]*+(?=\\p{Ll})"
              + "(?!(?:en|of|and|or|und|oder|e|ou|et|y|o)\\b)");
  private static final Pattern BLANKS =
      Pattern.compile("[\\p{Zs}\\t]*+\\n[\\p{Zs}\\t\\n]*+|[\\p{Zs}\\t]++");
  private static final Pattern EDGES =
      Pattern.compile("\\A[\\p{Zs}\\s]++|(?<![\\p{Zs}\\s])[\\p{Zs}\\s]++\\z");

  /** What bytes 0x80 to 0x9F are in Windows-1252; 0 where nothing is assigned. */
  private static final String WINDOWS_1252 =
      "\u20AC\0\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\0\u017D\0"
          + "\0\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\0\u017E\u0178";

  private final Config config;

  private Normalize(Config config) {
    this.config = config;
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream().<Outcome>map(d -> new Outcome.Enriched(apply(d))).toList();
  }

  private Document apply(Document document) {
    Map<PartId, RewrittenPart> rewritten = new HashMap<>();
    Document cleaned =
        document.mapTextParts(part -> {
          List<EditedText> passes = passes(part.text());
          if (passes.isEmpty()) {
            return part;
          }
          String text = passes.getLast().text();
          rewritten.put(part.id(), new RewrittenPart(part.text(), text, EditedText.chain(passes)));
          return part.withText(text);
        });
    return cleaned
        .withAnnotations(moved(document.annotations(), rewritten))
        .with(Step.done(NAME, VERSION, ""));
  }

  /** The annotations with those of rewritten parts moved. */
  static List<Annotation> moved(
      List<Annotation> annotations, Map<PartId, RewrittenPart> rewritten) {
    return annotations.stream()
        .map(annotation -> {
          RewrittenPart part = rewritten.get(annotation.origin().part());
          return part == null ? annotation : part.move(annotation);
        })
        .toList();
  }

  /** What changes the text, in the order it is done; empty if nothing does. */
  private List<EditedText> passes(String text) {
    List<EditedText> passes = new ArrayList<>();
    String at = text;
    at = config.mojibake ? pass(repairMojibake(at), passes) : at;
    at = config.controlCharacters ? pass(removeControls(at), passes) : at;
    at = config.softHyphens ? pass(replaceAll(at, SOFT_HYPHEN, ""), passes) : at;
    at = config.ligatures ? pass(splitLigatures(at), passes) : at;
    at = config.hyphenation ? pass(replaceAll(at, HYPHENATION, ""), passes) : at;
    at = config.unicode ? pass(compose(at), passes) : at;
    at = config.blanks ? pass(replaceAll(at, EDGES, ""), passes) : at;
    if (config.blanks) {
      pass(collapseBlanks(at), passes);
    }
    return passes;
  }

  private static String pass(EditedText edited, List<EditedText> passes) {
    if (!edited.unchanged()) {
      passes.add(edited);
    }
    return edited.text();
  }

  private static EditedText replaceAll(String text, Pattern pattern, String replacement) {
    EditedText.Editor editor = new EditedText.Editor(text);
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      editor.replace(matcher.start(), matcher.end(), replacement);
    }
    return editor.done();
  }

  private static EditedText collapseBlanks(String text) {
    EditedText.Editor editor = new EditedText.Editor(text);
    Matcher matcher = BLANKS.matcher(text);
    while (matcher.find()) {
      long lines = matcher.group().chars().filter(c -> c == '\n').count();
      String blank = lines == 0 ? " " : "\n".repeat((int) Math.min(lines, 2)) + indent(matcher);
      if (!matcher.group().equals(blank)) {
        editor.replace(matcher.start(), matcher.end(), blank);
      }
    }
    return editor.done();
  }

  /** One space for blanks at the start of the line that follows, none for none. */
  private static String indent(Matcher blanks) {
    return blanks.group().endsWith("\n") ? "" : " ";
  }

  private static EditedText removeControls(String text) {
    EditedText.Editor editor = new EditedText.Editor(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r') {
        boolean pair = i + 1 < text.length() && text.charAt(i + 1) == '\n';
        editor.replace(i, pair ? i + 2 : i + 1, "\n");
        i += pair ? 1 : 0;
      } else if (c == '\f' || c == '\u000B' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        editor.replace(i, i + 1, "\n");
      } else if (Character.isSurrogate(c)) {
        if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
          i++;
        } else {
          editor.replace(i, i + 1, "\uFFFD");
        }
      } else if ((Character.isISOControl(c) && c != '\n' && c != '\t')
          || c == '\u200B'
          || c == '\u2060'
          || c >= '\uFFFE'
          || c == '\uFEFF') {
        editor.replace(i, i + 1, "");
      }
    }
    return editor.done();
  }

  private static EditedText splitLigatures(String text) {
    EditedText.Editor editor = new EditedText.Editor(text);
    for (int i = 0; i < text.length(); i++) {
      String letters =
          switch (text.charAt(i)) {
            case '\uFB00' -> "ff";
            case '\uFB01' -> "fi";
            case '\uFB02' -> "fl";
            case '\uFB03' -> "ffi";
            case '\uFB04' -> "ffl";
            case '\uFB05', '\uFB06' -> "st";
            case '\u0132' -> "IJ";
            case '\u0133' -> "ij";
            default -> "";
          };
      if (!letters.isEmpty()) {
        editor.replace(i, i + 1, letters);
      }
    }
    return editor.done();
  }

  /** Normal form C, one base character with its marks at a time. */
  private static EditedText compose(String text) {
    EditedText.Editor editor = new EditedText.Editor(text);
    if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
      int start = 0;
      for (int i = 0; i <= text.length(); ) {
        int c = i < text.length() ? text.codePointAt(i) : ' ';
        if (i > start && !joinsWithPrevious(c)) {
          String cluster = text.substring(start, i);
          String composed = Normalizer.normalize(cluster, Normalizer.Form.NFC);
          if (!composed.equals(cluster)) {
            editor.replace(start, i, composed);
          }
          start = i;
        }
        i += Character.charCount(c);
      }
    }
    return editor.done();
  }

  /** Combining marks, and the vowels and final consonants of decomposed Hangul. */
  private static boolean joinsWithPrevious(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> c >= 0x1160 && c <= 0x11FF;
    };
  }

  private static EditedText repairMojibake(String text) {
    EditedText.Editor editor = new EditedText.Editor(text);
    Matcher lineEnd = LINE_END.matcher(text);
    int start = 0;
    while (start <= text.length()) {
      int end = lineEnd.find() ? lineEnd.start() : text.length();
      repairLine(text, start, end, editor);
      start = end + 1;
    }
    return editor.done();
  }

  /** Repairs a line if everything in it outside ASCII is UTF-8 read as Windows-1252. */
  private static void repairLine(String text, int start, int end, EditedText.Editor editor) {
    List<int[]> damage = new ArrayList<>();
    for (int i = start; i < end; ) {
      if (text.charAt(i) < 0x80) {
        i++;
        continue;
      }
      int lead = windowsByte(text.charAt(i));
      int more = lead >= 0xC2 && lead <= 0xDF ? 1 : lead >> 4 == 0xE ? 2 : lead >> 3 == 30 ? 3 : 0;
      if (more == 0 || i + more >= end) {
        return;
      }
      int codePoint = lead & (0x3F >> more);
      for (int j = 1; j <= more; j++) {
        int next = windowsByte(text.charAt(i + j));
        if (next >> 6 != 2) {
          return;
        }
        codePoint = codePoint << 6 | (next & 0x3F);
      }
      boolean overlong = codePoint < (more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000);
      if (overlong
          || !Character.isDefined(codePoint)
          || (codePoint >= 0x80 && codePoint < 0xA0)
          || (codePoint >= 0xD800 && codePoint < 0xE000)) {
        return;
      }
      damage.add(new int[] {i, i + more + 1, codePoint});
      i += more + 1;
    }
    for (int[] sequence : damage) {
      editor.replace(sequence[0], sequence[1], Character.toString(sequence[2]));
    }
  }

  /** The byte that Windows-1252 or ISO-8859-1 reads as this character, or -1. */
  private static int windowsByte(char c) {
    if (c < 0x100) {
      return c;
    }
    int index = WINDOWS_1252.indexOf(c);
    return index < 0 ? -1 : 0x80 + index;
  }

  @Override
  public void close() {}
}
