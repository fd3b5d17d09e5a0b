package dev.dragoman.multimodal.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.metadata.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to text: byte order mark, then what is declared, then UTF-16 by its zeros, then UTF-8 if it
 * is valid, then a guess.
 */
final class Charsets {
  private static final int GUESS_BYTES = 1 << 16;
  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
  private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

  private final EncodingDetector guesser;

  Charsets(EncodingDetector guesser) {
    this.guesser = guesser;
  }

  /** The text without its byte order mark; bytes that make no sense become U+FFFD. */
  String decode(byte[] bytes, @Nullable Charset declared) throws IOException {
    if (starts(bytes, 0xef, 0xbb, 0xbf)) {
      return string(bytes, 3, StandardCharsets.UTF_8);
    }
    if (starts(bytes, 0xff, 0xfe, 0, 0)) {
      return string(bytes, 4, UTF_32LE);
    }
    if (starts(bytes, 0, 0, 0xfe, 0xff)) {
      return string(bytes, 4, UTF_32BE);
    }
    if (starts(bytes, 0xff, 0xfe)) {
      return string(bytes, 2, StandardCharsets.UTF_16LE);
    }
    if (starts(bytes, 0xfe, 0xff)) {
      return string(bytes, 2, StandardCharsets.UTF_16BE);
    }
    if (declared != null && !declared.equals(StandardCharsets.US_ASCII) && valid(bytes, declared)) {
      return string(bytes, 0, declared);
    }
    Charset wide = utf16(bytes);
    if (wide != null) {
      return string(bytes, 0, wide);
    }
    return string(
        bytes, 0, valid(bytes, StandardCharsets.UTF_8) ? StandardCharsets.UTF_8 : guess(bytes));
  }

  private Charset guess(byte[] bytes) throws IOException {
    byte[] head = bytes.length > GUESS_BYTES ? Arrays.copyOf(bytes, GUESS_BYTES) : bytes;
    Charset found = guesser.detect(new ByteArrayInputStream(head), new Metadata());
    if (found == null || found.name().startsWith("UTF-") || found.name().startsWith("IBM")) {
      return Charset.forName("windows-1252");
    }
    return found.equals(StandardCharsets.ISO_8859_1) ? Charset.forName("windows-1252") : found;
  }

  /** The charset of this name, or null if there is none. */
  static @Nullable Charset named(@Nullable String name) {
    if (name == null) {
      return null;
    }
    try {
      return Charset.forName(name.strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean starts(byte[] bytes, int... mark) {
    if (bytes.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** Latin text in UTF-16 has a zero in nearly every second byte. */
  private static @Nullable Charset utf16(byte[] bytes) {
    int pairs = Math.min(bytes.length, 4096) / 2;
    int high = 0;
    int low = 0;
    for (int i = 0; i < pairs; i++) {
      high += bytes[2 * i] == 0 ? 1 : 0;
      low += bytes[2 * i + 1] == 0 ? 1 : 0;
    }
    if (pairs >= 2 && low > pairs / 2 && high <= pairs / 20) {
      return StandardCharsets.UTF_16LE;
    }
    return pairs >= 2 && high > pairs / 2 && low <= pairs / 20 ? StandardCharsets.UTF_16BE : null;
  }

  private static boolean valid(byte[] bytes, Charset charset) {
    try {
      charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String string(byte[] bytes, int from, Charset charset) {
    return new String(bytes, from, bytes.length - from, charset);
  }
}
