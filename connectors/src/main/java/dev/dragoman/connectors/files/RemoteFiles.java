package dev.dragoman.connectors.files;

import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.beam.sdk.io.FileSystems;

/** Opens files by their addresses, wherever they are. */
public final class RemoteFiles {
  private RemoteFiles() {}

  /**
   * Opens the file at an address: a local one as such, any other through Beam's file systems, which
   * must have been given the pipeline's options.
   *
   * @throws IOException if it is not there or cannot be read
   */
  public static InputStream open(URI uri) throws IOException {
    if ("file".equals(uri.getScheme())) {
      return Files.newInputStream(Path.of(uri));
    }
    return Channels.newInputStream(
        FileSystems.open(FileSystems.matchNewResource(Content.address(uri), false)));
  }

  /**
   * A file where it lies, with its length and its digest; it is read once to its end.
   *
   * @throws IOException if it is not there or cannot be read
   */
  public static Content.Reference reference(URI uri) throws IOException {
    var digest = Sha256.newDigest();
    long length = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = open(uri)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        length += n;
      }
    }
    return new Content.Reference(
        uri, length, new Sha256(HexFormat.of().formatHex(digest.digest())));
  }

  /** The URI of an address as Beam writes it, which may hold characters that URIs may not. */
  public static URI uri(String address) throws IOException {
    try {
      int end = address.indexOf("://");
      int path = address.indexOf('/', end + 3);
      if (end < 0 || path < 0) {
        return new URI(address);
      }
      URI encoded = new URI(null, null, address.substring(path), null);
      return new URI(address.substring(0, path) + encoded.getRawPath());
    } catch (URISyntaxException e) {
      throw new IOException("not an address: " + address, e);
    }
  }
}
