package dev.dragoman.operators.beam.dedupe;

import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.text.Duplicates.Signed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Id, key and signature, one after the other. */
final class SignedCoder extends AtomicCoder<Signed> {
  private static final long serialVersionUID = 1;

  @Override
  public void encode(Signed value, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(value.id().value(), out);
    StringUtf8Coder.of().encode(value.key(), out);
    ByteArrayCoder.of().encode(value.signature(), out);
  }

  @Override
  public Signed decode(InputStream in) throws IOException {
    return new Signed(
        new DocumentId(StringUtf8Coder.of().decode(in)),
        StringUtf8Coder.of().decode(in),
        ByteArrayCoder.of().decode(in));
  }
}
