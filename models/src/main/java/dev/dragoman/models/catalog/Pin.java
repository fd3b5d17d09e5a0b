package dev.dragoman.models.catalog;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model of the hub was when it was pulled. It lies in the model's folder, so that it goes
 * where the folder goes.
 *
 * @param repository {@code ORG/NAME}
 * @param commit of the repository, 40 hexadecimal digits
 * @param pinned when, as ISO 8601 in UTC
 * @param files all of it, in path order
 */
record Pin(String repository, String commit, String pinned, List<Entry> files) {
  /** Hidden, so that it is not taken for a file of the model. */
  static final String NAME = ".pinned.json";

  private static final long LIMIT = 1 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  /** One file of the model. */
  record Entry(String path, long size, String sha256) {}

  Pin {
    files = List.copyOf(files);
  }

  /**
   * The pin in a model's folder.
   *
   * @throws ModelException if it is there and says nothing that makes sense
   */
  static Optional<Pin> read(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > LIMIT) {
        throw new ModelException("more than " + LIMIT + " bytes");
      }
      Pin pin = JSON.readValue(file.toFile(), Pin.class);
      if (pin.modelFiles().isEmpty()) {
        throw new ModelException("no files");
      }
      return Optional.of(pin);
    } catch (JacksonException e) {
      throw damaged(folder, e.getOriginalMessage(), e);
    } catch (ModelException e) {
      throw damaged(folder, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(Path folder) throws IOException {
    JSON.writerWithDefaultPrettyPrinter().writeValue(folder.resolve(NAME).toFile(), this);
  }

  /** The files as they are checked, and got again from the same commit if they are lost. */
  List<ModelFile> modelFiles() {
    return files.stream()
        .map(file -> {
          Checksum checksum = Checksum.sha256(file.sha256());
          String uri = new Location.Hub(repository, commit, file.path()).toString();
          return new ModelFile(
              file.path(), file.size(), checksum, List.of(new Source(uri, file.size(), checksum)));
        })
        .toList();
  }

  private static ModelException damaged(Path folder, String why, Exception cause) {
    String name = String.valueOf(folder.getFileName());
    return new ModelException(
        "%s/%s is damaged: %s; run: dragoman model remove %s, then: dragoman model pull %s"
            .formatted(name, NAME, why, name, name),
        cause);
  }
}
