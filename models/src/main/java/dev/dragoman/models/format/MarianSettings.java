package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of Marian, in the little of YAML that it writes: keys with a value each, or with a
 * list of values in lines of their own. Those of a model are inside its file, those of its use
 * beside it.
 */
public final class MarianSettings {
  private static final long MOST_BYTES = 1 << 20;

  private final String file;
  private final Map<String, List<String>> values;

  private MarianSettings(String file, Map<String, List<String>> values) {
    this.file = file;
    this.values = Collections.unmodifiableMap(values);
  }

  /** No settings. */
  public static MarianSettings none() {
    return new MarianSettings("settings", Map.of());
  }

  /**
   * Reads a file.
   *
   * @throws ModelException if it cannot be read, or is more than lists and values
   */
  public static MarianSettings read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new ModelException(file + " is larger than any such file should be");
      }
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new ModelException(file + " is missing", e);
    } catch (IOException e) {
      throw new ModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static MarianSettings parse(String file, String text) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    List<String> last = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = line.strip();
      if (content.isEmpty() || content.startsWith("#") || content.equals("---")) {
        continue;
      }
      boolean item = content.equals("-") || content.startsWith("- ");
      int colon = (content + " ").indexOf(": ");
      boolean nested = !item && line.charAt(0) <= ' ';
      if (nested || item && values.isEmpty() || !item && colon < 1) {
        throw new ModelException(
            "%s: line %d is neither a key with a value nor part of a list: %s"
                .formatted(file, number, content.substring(0, Math.min(80, content.length()))));
      }
      if (item) {
        last.add(value(content.substring(1)));
        continue;
      }
      String key = content.substring(0, colon);
      String rest = content.substring(colon + 1).strip();
      last = new ArrayList<>();
      if (!rest.isEmpty() && !rest.equals("[]")) {
        last.add(value(rest));
      }
      if (values.put(key, last) != null) {
        throw new ModelException("%s: line %d: %s is there twice".formatted(file, number, key));
      }
    }
    return new MarianSettings(file, values);
  }

  private static String value(String written) {
    String text = written.strip();
    boolean quoted =
        text.length() > 1
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(0) == text.charAt(text.length() - 1);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /** All keys, as the file orders them. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** The values of a key; none if it is absent or its list is empty. */
  public List<String> texts(String key) {
    return List.copyOf(values.getOrDefault(key, List.of()));
  }

  /** The value of a key; this one if it is absent. */
  public String text(String key, String absent) {
    List<String> found = values.get(key);
    if (found == null) {
      return absent;
    }
    return switch (found.size()) {
      case 0 -> "";
      case 1 -> found.getFirst();
      default -> throw wrong(key, "one value");
    };
  }

  /** Whether something is on; this if the key is absent. */
  public boolean flag(String key, boolean absent) {
    return switch (text(key, String.valueOf(absent))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, "true or false");
    };
  }

  /**
   * A whole number of at least one.
   *
   * @throws ModelException if the key is absent
   */
  public int positive(String key) {
    try {
      int number = Integer.parseInt(text(key, "absent"));
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, "a whole number", e);
    }
    throw wrong(key, "a whole number of at least 1");
  }

  /** A number; this one if the key is absent. */
  public double number(String key, double absent) {
    try {
      return Double.parseDouble(text(key, String.valueOf(absent)));
    } catch (NumberFormatException e) {
      throw wrong(key, "a number", e);
    }
  }

  /** What to say of the value of a key. */
  public ModelException wrong(String key, String wanted) {
    return new ModelException(message(key, wanted));
  }

  private ModelException wrong(String key, String wanted, Exception cause) {
    return new ModelException(message(key, wanted), cause);
  }

  private String message(String key, String wanted) {
    List<String> found = values.get(key);
    return "%s: %s is %s; known here is %s"
        .formatted(file, key, found == null ? "absent" : String.join(", ", found), wanted);
  }
}
