package dev.dragoman.operators.reading;

import dev.dragoman.operators.OperatorContext.Contents;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of a part as a file on the local disk: the file itself where it lies there, else a
 * temporary copy that goes on close.
 */
final class LocalFile implements AutoCloseable {
  private static final Pattern ENDING = Pattern.compile("\\.[A-Za-z0-9]{1,8}$");

  private final Path path;
  private final boolean temporary;

  private LocalFile(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /**
   * The bytes of {@code content}.
   *
   * @throws IOException if they cannot be read from where they lie
   */
  static LocalFile of(Document document, Content content, Contents contents) throws IOException {
    return switch (document.resolve(content)) {
      case Content.Reference reference when isLocal(reference) ->
          new LocalFile(inPlace(reference), false);
      case Content.Reference reference -> {
        try (InputStream in = contents.open(reference)) {
          yield spooled(in, document);
        }
      }
      case Content.Inline inline -> {
        try (InputStream in = new ByteArrayInputStream(inline.bytes())) {
          yield spooled(in, document);
        }
      }
      case Content.SameAs _ -> throw new AssertionError("resolved");
    };
  }

  private static boolean isLocal(Content.Reference reference) {
    return "file".equals(reference.uri().getScheme())
        && reference.uri().getRawAuthority() == null
        && reference.uri().getRawFragment() == null
        && reference.uri().getRawQuery() == null;
  }

  private static Path inPlace(Content.Reference reference) throws IOException {
    try {
      Path path = Path.of(reference.uri());
      if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
        throw new IOException(
            Files.exists(path) ? path + " cannot be opened" : path + " is not there any more");
      }
      return path;
    } catch (IllegalArgumentException e) {
      throw new IOException(reference.uri() + " is no name of a file here: " + e.getMessage(), e);
    }
  }

  private static LocalFile spooled(InputStream in, Document document) throws IOException {
    Matcher ending = ENDING.matcher(name(document));
    Path copy = Files.createTempFile("dragoman-", ending.find() ? ending.group() : ".bin");
    LocalFile file = new LocalFile(copy, true);
    boolean whole = false;
    try {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      whole = true;
      return file;
    } finally {
      if (!whole) {
        file.close();
      }
    }
  }

  /** The last part of a document's source: its name in its folder or container. */
  static String name(Document document) {
    String path = path(document.provenance().source());
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A source as a path, with those inside containers below them. */
  static String path(URI source) {
    String path = source.toString().replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*:(//[^/!]*)?", "");
    return URLDecoder.decode(path.replace("+", "%2B").replace('!', '/'), StandardCharsets.UTF_8);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (temporary) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        path.toFile().deleteOnExit();
      }
    }
  }
}
