package dev.dragoman.connectors.kafka;

import dev.dragoman.connectors.files.FileList;
import dev.dragoman.connectors.files.RemoteFiles;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the files that messages are about. */
final class PayloadReader {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
  private static final Pattern DATA =
      Pattern.compile("data:([\\w.+-]+/[\\w.+-]+)?(;[^,]*)?;base64,(.*)", Pattern.DOTALL);

  private final ReadKafka.Config config;

  PayloadReader(ReadKafka.Config config) {
    this.config = config;
  }

  /** A file that a message is about. */
  record Payload(
      Content content, long length, Sha256 digest, String mediaType, boolean isWholeValue) {}

  /** The fields that are the file itself and nothing to show. */
  List<String> usedFields() {
    return switch (config.payload()) {
      case REFERENCE -> List.of();
      case INLINE -> List.of(config.payloadField());
    };
  }

  /** The message as a file. */
  Payload wholeValue(byte[] value) throws BadMessageException {
    return inline(value, config.mediaType(), true);
  }

  /** The file in a field. */
  Payload read(MessageFormat.Message message) throws BadMessageException {
    String field = config.payloadField();
    String said = message.fields().value(field);
    if (said.isBlank()) {
      throw BadMessageException.row(
          "there is no '%s' with the file (ReadKafka.payload_field)".formatted(field));
    }
    return switch (config.payload()) {
      case REFERENCE -> reference(said.strip());
      case INLINE -> {
        byte @Nullable [] bytes = message.bytes(field);
        yield bytes == null ? base64(said) : inline(bytes, config.mediaType(), false);
      }
    };
  }

  private Payload base64(String said) throws BadMessageException {
    Matcher data = DATA.matcher(said);
    boolean isData = data.matches();
    String type = isData && data.group(1) != null ? data.group(1) : config.mediaType();
    String text = (isData ? data.group(3) : said).strip();
    if (text.length() / 4 * 3L > config.inlineLimitBytes() + 3L) {
      throw tooLarge(text.length() / 4 * 3L);
    }
    try {
      return inline(Base64.getMimeDecoder().decode(checked(text)), type, false);
    } catch (IllegalArgumentException e) {
      throw BadMessageException.row(
          "'%s' is not Base64: %s".formatted(config.payloadField(), e.getMessage()));
    }
  }

  /** The lenient decoder, which allows for line ends, would pass over anything. */
  private static String checked(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean known =
          c >= 'A' && c <= 'Z'
              || c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || "+/=\r\n".indexOf(c) >= 0;
      if (!known) {
        throw new IllegalArgumentException("character %d is '%c'".formatted(i + 1, c));
      }
    }
    return text;
  }

  private Payload inline(byte[] bytes, String mediaType, boolean isWholeValue)
      throws BadMessageException {
    if (bytes.length == 0) {
      throw new BadMessageException(RejectionCode.EMPTY, "the file in the message is empty");
    }
    if (bytes.length > config.inlineLimitBytes()) {
      throw tooLarge(bytes.length);
    }
    return new Payload(
        new Content.Inline(bytes), bytes.length, Sha256.of(bytes), mediaType, isWholeValue);
  }

  private BadMessageException tooLarge(long bytes) {
    return new BadMessageException(
        RejectionCode.TOO_LARGE,
        "the file in the message has %d bytes, ReadKafka.inline_limit_bytes allows %d; send its address instead (payload: reference)"
            .formatted(bytes, config.inlineLimitBytes()));
  }

  private Payload reference(String said) throws BadMessageException {
    try {
      URI uri = uri(said);
      if (!config.payloadRoots().isEmpty()
          && config.payloadRoots().stream().noneMatch(root -> isUnder(uri, root))) {
        throw BadMessageException.row(
            "'%s' is %s, which is not under any of ReadKafka.payload_roots"
                .formatted(config.payloadField(), said));
      }
      Content.Reference file = RemoteFiles.reference(uri);
      if (file.length() == 0) {
        throw new BadMessageException(RejectionCode.EMPTY, said + " is an empty file");
      }
      return new Payload(file, file.length(), file.sha256(), config.mediaType(), false);
    } catch (InvalidPathException e) {
      throw BadMessageException.row(
          "'%s' is no address of a file: %s".formatted(config.payloadField(), e.getReason()));
    } catch (IOException | IllegalArgumentException e) {
      throw new BadMessageException(
          RejectionCode.UNREADABLE,
          "%s cannot be read: %s; see that it is there and may be read, then replay it"
              .formatted(said, FileList.reason(e)));
    }
  }

  private static URI uri(String said) throws IOException {
    return said.startsWith("/") || !SCHEME.matcher(said).matches()
        ? Path.of(said).toAbsolutePath().normalize().toUri()
        : RemoteFiles.uri(said).normalize();
  }

  private static boolean isUnder(URI uri, String root) {
    try {
      String allowed = uri(root).toString();
      return (uri + "/").startsWith(allowed.endsWith("/") ? allowed : allowed + "/");
    } catch (IOException _) {
      return false;
    }
  }
}
