package dev.dragoman.connectors.kafka;

import dev.dragoman.operators.record.Original;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Encodes a {@link Message}: a version byte, key, value, headers. It lies in savepoints. */
final class MessageCoder extends CustomCoder<Message> {
  private static final long serialVersionUID = 1;
  private static final int VERSION = 1;
  private static final Coder<byte @Nullable []> BYTES = NullableCoder.of(ByteArrayCoder.of());

  @Override
  public void encode(Message message, OutputStream out) throws IOException {
    out.write(VERSION);
    BYTES.encode(message.key(), out);
    BYTES.encode(message.value(), out);
    VarInt.encode(message.headers().size(), out);
    for (Original.Header header : message.headers()) {
      StringUtf8Coder.of().encode(header.name(), out);
      BYTES.encode(header.value(), out);
    }
  }

  @Override
  public Message decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException("a message in layout " + version + ", not " + VERSION);
    }
    byte @Nullable [] key = BYTES.decode(in);
    byte @Nullable [] value = BYTES.decode(in);
    List<Original.Header> headers = new ArrayList<>();
    for (int left = VarInt.decodeInt(in); left > 0; left--) {
      headers.add(new Original.Header(StringUtf8Coder.of().decode(in), BYTES.decode(in)));
    }
    return new Message(key, value, headers);
  }

  @Override
  public void verifyDeterministic() {
    // Lists keep their order.
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageCoder;
  }

  @Override
  public int hashCode() {
    return MessageCoder.class.getName().hashCode();
  }
}
