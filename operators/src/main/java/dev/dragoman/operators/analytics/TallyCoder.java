package dev.dragoman.operators.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * A version byte; documents, sentiments, their sum; how many terms, and each with its count, in the
 * order of the terms.
 */
final class TallyCoder extends CustomCoder<Tally> {
  private static final long serialVersionUID = 1;
  private static final int LAYOUT = 1;
  private static final VarLongCoder NUMBER = VarLongCoder.of();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

  @Override
  public void encode(Tally tally, OutputStream out) throws IOException {
    out.write(LAYOUT);
    NUMBER.encode(tally.documents(), out);
    NUMBER.encode(tally.sentiments(), out);
    NUMBER.encode(tally.sentimentSum(), out);
    Map<String, Long> terms = new TreeMap<>(tally.terms());
    NUMBER.encode((long) terms.size(), out);
    for (Map.Entry<String, Long> term : terms.entrySet()) {
      TEXT.encode(term.getKey(), out);
      NUMBER.encode(term.getValue(), out);
    }
  }

  @Override
  public Tally decode(InputStream in) throws IOException {
    int layout = in.read();
    if (layout != LAYOUT) {
      throw new CoderException("a tally of layout " + layout + " is from a newer release");
    }
    long documents = NUMBER.decode(in);
    long sentiments = NUMBER.decode(in);
    long sentimentSum = NUMBER.decode(in);
    long count = NUMBER.decode(in);
    Map<String, Long> terms = new HashMap<>();
    for (long i = 0; i < count; i++) {
      terms.put(TEXT.decode(in), NUMBER.decode(in));
    }
    return Tally.of(documents, sentiments, sentimentSum, terms);
  }

  @Override
  public void verifyDeterministic() {
    // The terms are written in their order.
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TallyCoder;
  }

  @Override
  public int hashCode() {
    return TallyCoder.class.getName().hashCode();
  }
}
