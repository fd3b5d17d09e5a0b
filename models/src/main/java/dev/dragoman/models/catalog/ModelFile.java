package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.util.Arrays;
import java.util.List;

/**
 * One file of a model.
 *
 * @param path where it lies in the model's folder, with {@code /} between names
 * @param size bytes
 * @param checksum what it is known by: SHA-256, or git's name of it on the way from the hub
 * @param sources where to get it, the first one first; a source may say another size and checksum
 *     for another edition of the file that serves as well
 */
public record ModelFile(String path, long size, Checksum checksum, List<Source> sources) {
  /** A file in the model's folder; a path that leads out of it is refused. */
  public ModelFile {
    if (!inside(path)) {
      throw new ModelException("not a path inside the model's folder: '" + path + "'");
    }
    sources = List.copyOf(sources);
  }

  /** Whether a path stays in the folder it is put into, and means the same on every system. */
  static boolean inside(String path) {
    return path.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ':' || c == 0x7f)
        && Arrays.stream(path.split("/", -1))
            .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
  }

  boolean hasSize(long bytes) {
    return bytes == size || sources.stream().anyMatch(source -> source.size() == bytes);
  }

  boolean has(Checksum found) {
    return found.equals(checksum)
        || sources.stream().anyMatch(source -> source.checksum().equals(found));
  }
}
