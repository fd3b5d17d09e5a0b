package dev.dragoman.operators.analytics;

import dev.dragoman.operators.record.coder.DocumentCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** A version byte, the side, the time, the document as {@link DocumentCoder} writes it. */
final class ArrivalCoder extends CustomCoder<Arrival> {
  private static final long serialVersionUID = 1;
  private static final int LAYOUT = 1;

  @Override
  public void encode(Arrival arrival, OutputStream out) throws IOException {
    out.write(LAYOUT);
    BooleanCoder.of().encode(arrival.left(), out);
    VarLongCoder.of().encode(arrival.time(), out);
    DocumentCoder.of().encode(arrival.document(), out);
  }

  @Override
  public Arrival decode(InputStream in) throws IOException {
    int layout = in.read();
    if (layout != LAYOUT) {
      throw new CoderException(
          "a waiting document of layout " + layout + " is from a newer release");
    }
    boolean left = BooleanCoder.of().decode(in);
    long time = VarLongCoder.of().decode(in);
    return new Arrival(left, time, DocumentCoder.of().decode(in));
  }

  @Override
  public void verifyDeterministic() {
    // Every piece is.
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrivalCoder;
  }

  @Override
  public int hashCode() {
    return ArrivalCoder.class.getName().hashCode();
  }
}
