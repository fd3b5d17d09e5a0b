package dev.dragoman.multimodal.read;

import dev.dragoman.multimodal.worker.ServiceException;
import java.io.FileNotFoundException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.PasswordRequiredException;
import org.apache.commons.compress.archivers.zip.UnsupportedZipFeatureException;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.poi.OldFileFormatException;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaMemoryLimitException;
import org.apache.tika.exception.UnsupportedFormatException;
import org.apache.tika.exception.ZeroByteFileException;

/** From the libraries' exceptions to rejection codes with messages for a person. */
final class Failures {
  private Failures() {}

  /** Why a file as a whole cannot be read. */
  static ServiceException of(Throwable thrown, String mediaType) {
    String name = Formats.name(mediaType);
    String code = code(thrown);
    String message =
        switch (code) {
          case "ENCRYPTED" ->
              name + " is protected by a password or key; remove the protection and try again";
          case "UNSUPPORTED" ->
              name
                  + " uses a variant of the format that no reader here understands; save it in a newer format";
          case "TOO_LARGE" ->
              name
                  + " unpacks to far more than its size, as a bomb does, or needs more memory than it may have; "
                  + "check where it comes from";
          case "EMPTY" -> name + " is empty";
          default ->
              name
                  + " is damaged: it breaks off or contradicts its own format"
                  + hint(thrown)
                  + "; get a sound copy";
        };
    return new ServiceException(code, message, thrown);
  }

  /** Why one entry of a container cannot be read. */
  static Problem inside(String path, Throwable thrown) {
    String code = code(thrown);
    String message =
        switch (code) {
          case "ENCRYPTED" -> "it is protected by a password; unpack it first";
          case "UNSUPPORTED" ->
              "it is packed with a method that is not understood here; unpack it first";
          case "TOO_LARGE" -> "unpacking it needs more memory than it may have; unpack it first";
          default -> "it cannot be unpacked" + hint(thrown) + "; the container is damaged";
        };
    return new Problem(code, path, message);
  }

  private static String code(Throwable thrown) {
    int depth = 0;
    for (Throwable each = thrown; each != null && depth < 20; each = each.getCause()) {
      depth++;
      String text = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
      switch (each) {
        case EncryptedDocumentException _,
            InvalidPasswordException _,
            PasswordRequiredException _,
            org.apache.poi.EncryptedDocumentException _ -> {
          return "ENCRYPTED";
        }
        case UnsupportedZipFeatureException zip -> {
          return zip.getFeature() == UnsupportedZipFeatureException.Feature.ENCRYPTION
              ? "ENCRYPTED"
              : "UNSUPPORTED";
        }
        case UnsupportedFormatException _, OldFileFormatException _ -> {
          return "UNSUPPORTED";
        }
        case TikaMemoryLimitException _, MemoryLimitException _ -> {
          return "TOO_LARGE";
        }
        case ZeroByteFileException _ -> {
          return "EMPTY";
        }
        default -> {
          if (text.contains("zip bomb")
              || text.contains("maximum allowable")
              || text.contains("file too large")) {
            return "TOO_LARGE";
          }
          if (text.contains("password") || text.contains("is encrypted")) {
            return "ENCRYPTED";
          }
        }
      }
    }
    return "CORRUPT";
  }

  /** The first message down the chain that says something, shortened. */
  private static String hint(Throwable thrown) {
    Throwable deepest = thrown;
    for (int i = 0; i < 20 && deepest.getCause() != null; i++) {
      deepest = deepest.getCause();
    }
    String text = deepest.getMessage();
    if (text == null
        || text.isBlank()
        || deepest instanceof FileNotFoundException
        || deepest instanceof FileSystemException) {
      return "";
    }
    String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ").strip();
    return " (" + (line.length() > 160 ? line.substring(0, 160) + "..." : line) + ")";
  }
}
