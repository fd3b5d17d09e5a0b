package dev.dragoman.connectors.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** Encodes a {@link Numbered}: a version byte, run, number, chain, message. */
final class NumberedCoder extends CustomCoder<Numbered> {
  private static final long serialVersionUID = 1;
  private static final int VERSION = 1;
  private static final MessageCoder MESSAGE = new MessageCoder();

  @Override
  public void encode(Numbered numbered, OutputStream out) throws IOException {
    out.write(VERSION);
    StringUtf8Coder.of().encode(numbered.run(), out);
    VarInt.encode(numbered.number(), out);
    BigEndianLongCoder.of().encode(numbered.chain(), out);
    MESSAGE.encode(numbered.message(), out);
  }

  @Override
  public Numbered decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException("a numbered message in layout " + version + ", not " + VERSION);
    }
    return new Numbered(
        StringUtf8Coder.of().decode(in),
        VarInt.decodeLong(in),
        BigEndianLongCoder.of().decode(in),
        MESSAGE.decode(in));
  }

  @Override
  public void verifyDeterministic() {
    // As deterministic as the message in it.
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberedCoder;
  }

  @Override
  public int hashCode() {
    return NumberedCoder.class.getName().hashCode();
  }
}
