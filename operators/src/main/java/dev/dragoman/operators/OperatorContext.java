package dev.dragoman.operators;

import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.record.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an operator finds in the JVM it runs in.
 *
 * @param models the installed models
 * @param contents opens what documents refer to
 */
public record OperatorContext(ModelStore models, Contents contents) {
  /** Opens the bytes behind a reference. */
  @FunctionalInterface
  public interface Contents {
    /** A stream of the referenced bytes, which the caller closes. */
    InputStream open(Content.Reference reference) throws IOException;
  }

  /** The default model cache, and contents on the local disk. */
  public static OperatorContext local() {
    return new OperatorContext(
        ModelStore.atDefaultHome(), reference -> Files.newInputStream(Path.of(reference.uri())));
  }
}
