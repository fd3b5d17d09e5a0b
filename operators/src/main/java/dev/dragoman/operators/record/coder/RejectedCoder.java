package dev.dragoman.operators.record.coder;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Encodes a {@link Rejected}: a version byte, the document as {@link DocumentCoder}, why. */
public final class RejectedCoder extends CustomCoder<Rejected> {
  private static final long serialVersionUID = 1;

  private static final RejectedCoder INSTANCE = new RejectedCoder();

  private RejectedCoder() {}

  /** The coder. */
  public static RejectedCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(Rejected rejected, OutputStream out) throws IOException {
    out.write(RecordWriter.VERSION);
    RecordWriter writer = new RecordWriter(out);
    writer.document(rejected.document());
    writer.failure(rejected.failure());
  }

  @Override
  public Rejected decode(InputStream in) throws IOException {
    RecordReader reader = new RecordReader(in);
    reader.version("rejected document");
    Document document = reader.document();
    Failure failure = reader.failure();
    return new Rejected(document, failure);
  }

  @Override
  public void verifyDeterministic() {
    // As deterministic as the document in it.
  }

  @Override
  public TypeDescriptor<Rejected> getEncodedTypeDescriptor() {
    return TypeDescriptor.of(Rejected.class);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RejectedCoder;
  }

  @Override
  public int hashCode() {
    return RejectedCoder.class.getName().hashCode();
  }

  @Override
  public String toString() {
    return "RejectedCoder";
  }
}
