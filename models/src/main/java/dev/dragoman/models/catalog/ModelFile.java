package dev.dragoman.models.catalog;

import java.util.List;

/**
 * One file of a model.
 *
 * @param path where it lies in the model's folder, with {@code /} between names
 * @param size bytes
 * @param sha256 its digest, 64 lower-case hexadecimal digits
 * @param sources where to get it, the first one first; a source may say another size and digest for
 *     another edition of the file that serves as well
 */
public record ModelFile(String path, long size, String sha256, List<Source> sources) {
  public ModelFile {
    sources = List.copyOf(sources);
  }

  boolean hasSize(long bytes) {
    return bytes == size || sources.stream().anyMatch(source -> source.size() == bytes);
  }

  boolean hasDigest(String digest) {
    return digest.equals(sha256)
        || sources.stream().anyMatch(source -> source.sha256().equals(digest));
  }
}
