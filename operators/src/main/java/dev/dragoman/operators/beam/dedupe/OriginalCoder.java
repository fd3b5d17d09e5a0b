package dev.dragoman.operators.beam.dedupe;

import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.text.Duplicates.Original;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Id and similarity. */
final class OriginalCoder extends AtomicCoder<Original> {
  private static final long serialVersionUID = 1;

  @Override
  public void encode(Original value, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(value.id().value(), out);
    DoubleCoder.of().encode(value.similarity(), out);
  }

  @Override
  public Original decode(InputStream in) throws IOException {
    return new Original(
        new DocumentId(StringUtf8Coder.of().decode(in)), DoubleCoder.of().decode(in));
  }
}
