package dev.dragoman.connectors.files;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Unpacks gzip, and tells broken or endless files from files that cannot be read. */
final class Gzip extends FilterInputStream {
  /** No text shrinks as much as this; from here on it is a bomb. */
  private static final long MAX_BYTES = 64L << 30;

  private long read;

  /** The file is no gzip, breaks off, or unpacks to more than anybody wants. */
  static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenException(String message, IOException cause) {
      super(message, cause);
    }

    BrokenException(String message) {
      super(message);
    }
  }

  private Gzip(InputStream in) {
    super(in);
  }

  static InputStream open(InputStream in) throws IOException {
    try {
      return new Gzip(new GZIPInputStream(in, 1 << 16));
    } catch (ZipException | EOFException e) {
      in.close();
      throw new BrokenException("the file is not gzip, though its name says so", e);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int n = super.read(buffer, offset, length);
      read += Math.max(0, n);
      if (read > MAX_BYTES) {
        throw new BrokenException("the file unpacks to more than 64 GB; unpack and split it first");
      }
      return n;
    } catch (ZipException | EOFException e) {
      throw new BrokenException("the gzip file is damaged or breaks off; get a whole copy", e);
    }
  }
}
