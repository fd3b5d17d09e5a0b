package dev.dragoman.connectors.files;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * How a text file is encoded: as its byte order mark says; else UTF-16 if every other byte of its
 * beginning is zero; else UTF-8 if all of it is; else Windows-1252, which holds Latin-1.
 *
 * @param mark how many bytes its byte order mark has
 */
record TextEncoding(Charset charset, int mark) {
  private static final Charset WINDOWS = Charset.forName("windows-1252");
  private static final int BEGINNING = 1 << 12;

  /** Judges a file by reading it to its end; the stream is not closed. */
  static TextEncoding detect(InputStream in) throws IOException {
    byte[] beginning = in.readNBytes(BEGINNING);
    if (startsWith(beginning, 0xef, 0xbb, 0xbf)) {
      return new TextEncoding(UTF_8, 3);
    }
    if (startsWith(beginning, 0xff, 0xfe)) {
      return new TextEncoding(UTF_16LE, 2);
    }
    if (startsWith(beginning, 0xfe, 0xff)) {
      return new TextEncoding(UTF_16BE, 2);
    }
    int[] zeros = new int[2];
    for (int i = 0; i < beginning.length; i++) {
      if (beginning[i] == 0) {
        zeros[i % 2]++;
      }
    }
    if (10 * Math.max(zeros[0], zeros[1]) > 3 * beginning.length) {
      return new TextEncoding(zeros[1] > zeros[0] ? UTF_16LE : UTF_16BE, 0);
    }
    return new TextEncoding(isUtf8(beginning, in) ? UTF_8 : WINDOWS, 0);
  }

  /** Reads the file from its beginning, without its mark. */
  Reader reader(InputStream in) throws IOException {
    in.skipNBytes(mark);
    return new BufferedReader(new InputStreamReader(in, charset), 1 << 16);
  }

  private static boolean isUtf8(byte[] beginning, InputStream rest) throws IOException {
    CharsetDecoder decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(1 << 14);
    ByteBuffer bytes = ByteBuffer.allocate(1 << 14);
    bytes.put(beginning);
    for (int n = 0; n >= 0; ) {
      bytes.flip();
      CoderResult result;
      do {
        chars.clear();
        result = decoder.decode(bytes, chars, false);
      } while (result.isOverflow());
      if (result.isError()) {
        return false;
      }
      bytes.compact();
      n = rest.read(bytes.array(), bytes.position(), bytes.remaining());
      bytes.position(bytes.position() + Math.max(0, n));
    }
    bytes.flip();
    chars.clear();
    return !decoder.decode(bytes, chars, true).isError();
  }

  private static boolean startsWith(byte[] bytes, int... wanted) {
    if (bytes.length < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if ((bytes[i] & 0xff) != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
