package dev.dragoman.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.models.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a recipe: the syntax of Beam YAML, with Dragoman's operators as transforms. Everything is
 * checked here, before anything starts; a mistake names its line, the key and what was probably
 * meant.
 *
 * <p>A {@code chain} runs from its source through its transforms to its sink, and {@code
 * extra_transforms} branch off it; a {@code composite} names every transform's input.
 */
public final class RecipeReader {
  private RecipeReader() {}

  /**
   * What the command line says over the recipe.
   *
   * @param step the name of a step
   * @param key of its configuration; dots go into a mapping
   * @param value YAML
   */
  public record Override(String step, String key, String value) {
    /**
     * Reads {@code Step.key=value}.
     *
     * @throws RecipeException if it is not of that form
     */
    public static Override parse(String argument) {
      int equals = argument.indexOf('=');
      int dot = argument.indexOf('.');
      if (dot <= 0 || equals < dot + 2) {
        throw new RecipeException(
            "--set wants Step.key=value, for instance Chunk.tokens=128; not '" + argument + "'");
      }
      return new Override(
          argument.substring(0, dot),
          argument.substring(dot + 1, equals),
          argument.substring(equals + 1));
    }
  }

  /**
   * What the command line gives instead of a recipe's own source and sink.
   *
   * @param paths empty to keep the recipe's
   * @param out empty to keep the recipe's
   */
  public record Ends(List<String> paths, String out) {
    /** The recipe's own. */
    public static final Ends OF_THE_RECIPE = new Ends(List.of(), "");
  }

  /** The names of the built-in recipes. */
  public static List<String> builtIn() {
    return List.of("default", "text", "tickets", "stream");
  }

  /**
   * The text of a built-in recipe.
   *
   * @throws RecipeException if there is none of that name
   */
  public static String builtInText(String name) {
    if (!builtIn().contains(name)) {
      throw new RecipeException(
          "there is no built-in recipe '" + name + "'" + Nearest.hint(name, builtIn()));
    }
    try (InputStream in = RecipeReader.class.getResourceAsStream("recipes/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("built-in recipe is not in the jar: " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the built-in recipe " + name, e);
    }
  }

  /**
   * Reads a recipe from a file, or a built-in one by name.
   *
   * @throws RecipeException if it cannot be read or is wrong
   */
  public static Recipe open(String fileOrName, Ends ends, List<Override> overrides) {
    if (builtIn().contains(fileOrName)) {
      return read(fileOrName, builtInText(fileOrName), ends, overrides);
    }
    try {
      return read(fileOrName, Files.readString(Path.of(fileOrName)), ends, overrides);
    } catch (NoSuchFileException _) {
      throw new RecipeException(
          "there is no recipe file '"
              + fileOrName
              + "', and no built-in recipe of that name"
              + Nearest.hint(fileOrName, builtIn()));
    } catch (CharacterCodingException _) {
      throw new RecipeException(fileOrName + ": is not UTF-8 text");
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw new RecipeException(fileOrName + ": cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads a recipe.
   *
   * @param name for messages
   * @throws RecipeException if it is wrong
   */
  public static Recipe read(String name, String text, Ends ends, List<Override> overrides) {
    return new RecipeReading(name, ends, new ArrayList<>(overrides)).recipe(text);
  }
}
