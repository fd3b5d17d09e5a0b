package dev.dragoman.models.generate.constrain;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The character classes that regular expressions name, as the JDK's Unicode tables have them. */
final class UnicodeClasses {
  static final RuneSet DIGIT = RuneSet.of('0', '9');
  static final RuneSet WORD = RuneSet.of('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
  static final RuneSet ASCII_SPACE = RuneSet.of('\t', '\r', ' ', ' ');

  /** White space and line ends of ECMA-262. */
  static final RuneSet ECMA_SPACE =
      ASCII_SPACE
          .union(RuneSet.of(0x00A0, 0x00A0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029))
          .union(RuneSet.of(0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF));

  private static final String[] CATEGORIES = {
    "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "", "Zs", "Zl", "Zp",
    "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"
  };

  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("letter", "L"),
          Map.entry("uppercase_letter", "Lu"),
          Map.entry("lowercase_letter", "Ll"),
          Map.entry("titlecase_letter", "Lt"),
          Map.entry("modifier_letter", "Lm"),
          Map.entry("other_letter", "Lo"),
          Map.entry("mark", "M"),
          Map.entry("number", "N"),
          Map.entry("decimal_number", "Nd"),
          Map.entry("digit", "Nd"),
          Map.entry("punctuation", "P"),
          Map.entry("symbol", "S"),
          Map.entry("separator", "Z"),
          Map.entry("space_separator", "Zs"),
          Map.entry("other", "C"),
          Map.entry("control", "Cc"));

  private final Map<String, RuneSet> known = new HashMap<>();

  /** The class of {@code \p{NAME}}, or null where the name is not known. */
  @Nullable RuneSet named(String name, RegexParser.Dialect dialect) {
    RuneSet set = known.get(name);
    if (set == null) {
      set = find(name, dialect);
      if (set != null) {
        known.put(name, set);
      }
    }
    return set;
  }

  private static @Nullable RuneSet find(String name, RegexParser.Dialect dialect) {
    boolean java = dialect == RegexParser.Dialect.JAVA;
    if (java) {
      RuneSet posix = posix(name);
      if (posix != null) {
        return posix;
      }
    }
    int equals = name.indexOf('=');
    String key = equals < 0 ? "" : name.substring(0, equals);
    String value = name.substring(equals + 1);
    if (key.equals("Script") || key.equals("sc")) {
      return script(value);
    }
    if (java && key.isEmpty() && value.startsWith("Is")) {
      RuneSet script = script(value.substring(2));
      return script == null ? category(value.substring(2)) : script;
    }
    boolean general = key.isEmpty() || key.equals("General_Category") || key.equals("gc");
    if (!general) {
      return null;
    }
    return switch (value) {
      case "Any" -> java ? null : RuneSet.ALL;
      case "ASCII" -> RuneSet.of(0, 0x7F);
      case "Alphabetic", "Alpha" -> java ? null : RuneSet.where(Character::isAlphabetic);
      default -> category(java ? value : LONG_NAMES.getOrDefault(lower(value), value));
    };
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static @Nullable RuneSet category(String name) {
    boolean found = name.equals("LC");
    for (String category : CATEGORIES) {
      found |= !category.isEmpty() && !name.isEmpty() && category.startsWith(name);
    }
    if (!found) {
      return null;
    }
    return RuneSet.where(c -> {
      String category = CATEGORIES[Character.getType(c)];
      return name.equals("LC")
          ? category.equals("Lu") || category.equals("Ll") || category.equals("Lt")
          : category.startsWith(name);
    });
  }

  private static @Nullable RuneSet script(String name) {
    try {
      Character.UnicodeScript script = Character.UnicodeScript.forName(name);
      return RuneSet.where(c -> Character.UnicodeScript.of(c) == script);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable RuneSet posix(String name) {
    return switch (name) {
      case "Lower" -> RuneSet.of('a', 'z');
      case "Upper" -> RuneSet.of('A', 'Z');
      case "ASCII" -> RuneSet.of(0, 0x7F);
      case "Alpha" -> RuneSet.of('A', 'Z', 'a', 'z');
      case "Digit" -> DIGIT;
      case "Alnum" -> RuneSet.of('0', '9', 'A', 'Z', 'a', 'z');
      case "Punct" -> RuneSet.of('!', '/', ':', '@', '[', '`', '{', '~');
      case "Graph" -> RuneSet.of('!', '~');
      case "Print" -> RuneSet.of(' ', '~');
      case "Blank" -> RuneSet.of(' ', ' ', '\t', '\t');
      case "Cntrl" -> RuneSet.of(0, 0x1F, 0x7F, 0x7F);
      case "XDigit" -> RuneSet.of('0', '9', 'A', 'F', 'a', 'f');
      case "Space" -> ASCII_SPACE;
      default -> null;
    };
  }
}
