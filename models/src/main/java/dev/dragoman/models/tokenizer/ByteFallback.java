package dev.dragoman.models.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Gathers byte tokens that follow each other. Whether they are text is known only after the last:
 * if any is not, the reference replaces each of them.
 */
final class ByteFallback extends DecodeSteps.Whole {
  private static final int LENGTH = 6;

  private final DecodeStep.Sink next;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  ByteFallback(DecodeStep.Sink next) {
    this.next = next;
  }

  /** The byte that a token such as {@code <0xE2>} is, or -1. */
  static int byteOf(String token) {
    if (token.length() != LENGTH || !token.startsWith("<0x") || !token.endsWith(">")) {
      return -1;
    }
    int high = hex(token.charAt(3));
    int low = hex(token.charAt(4));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  @Override
  void token(String token, int index) {
    int value = byteOf(token);
    if (value >= 0) {
      bytes.write(value);
      return;
    }
    flush();
    give(token, next);
  }

  private void flush() {
    if (bytes.size() == 0) {
      return;
    }
    String text = decoded(bytes.toByteArray());
    if (text != null) {
      give(text, next);
    } else {
      for (int i = 0; i < bytes.size(); i++) {
        give("\uFFFD", next);
      }
    }
    bytes.reset();
  }

  private static @Nullable String decoded(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  @Override
  public void end() {
    flush();
    next.end();
  }
}
