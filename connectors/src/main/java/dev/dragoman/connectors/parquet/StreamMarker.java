package dev.dragoman.connectors.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code stream.json} says: files are added to this folder as they are finished, by a stream
 * or by batch runs, and it can be read at any time.
 *
 * @param format of this file, from 1
 * @param recipeDigest of the recipe that fills it, or empty
 */
public record StreamMarker(int format, String recipeDigest) {
  /** The format this version writes. */
  public static final int FORMAT = 1;

  /** The name of the file. */
  public static final String FILE = "stream.json";

  /** For a folder that no recipe's documents go to. */
  static final StreamMarker ANY = new StreamMarker(FORMAT, "");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** The marker of a folder; null if files are not added to it one by one. */
  public static @Nullable StreamMarker read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    return Files.exists(file) ? JSON.readValue(Files.readAllBytes(file), StreamMarker.class) : null;
  }

  /** Marks a folder, if it is not marked yet. */
  public static void put(Path folder) throws IOException {
    put(folder, ANY.toJson());
  }

  static void put(Path folder, String marker) throws IOException {
    StreamFolder.addIfAbsent(folder.resolve(FILE), marker.getBytes(UTF_8));
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
