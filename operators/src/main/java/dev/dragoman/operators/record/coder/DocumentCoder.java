package dev.dragoman.operators.record.coder;

import dev.dragoman.operators.record.Document;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Encodes a {@link Document}: a version byte, then the layout told in the package's description.
 * Equal documents have equal bytes; two URIs that differ in upper and lower case only count as
 * different here. Bytes that are no document are refused with a {@link
 * org.apache.beam.sdk.coders.CoderException}.
 */
public final class DocumentCoder extends CustomCoder<Document> {
  private static final long serialVersionUID = 1;

  private static final DocumentCoder INSTANCE = new DocumentCoder();

  private DocumentCoder() {}

  /** The coder. */
  public static DocumentCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(Document document, OutputStream out) throws IOException {
    new RecordWriter(out).document(document);
  }

  @Override
  public Document decode(InputStream in) throws IOException {
    return new RecordReader(in).document();
  }

  @Override
  public void verifyDeterministic() {
    // Lists keep their order and there is one NaN, so there is nothing to object to.
  }

  @Override
  public TypeDescriptor<Document> getEncodedTypeDescriptor() {
    return TypeDescriptor.of(Document.class);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DocumentCoder;
  }

  @Override
  public int hashCode() {
    return DocumentCoder.class.getName().hashCode();
  }

  @Override
  public String toString() {
    return "DocumentCoder";
  }
}
