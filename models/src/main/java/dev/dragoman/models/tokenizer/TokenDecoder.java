package dev.dragoman.models.tokenizer;

import dev.dragoman.models.TokenStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes text of tokens.
 *
 * @param names what each token is for the steps
 * @param special which may be left out
 * @param steps the steps, first one first
 */
record TokenDecoder(List<String> names, BitSet special, List<DecodeStep> steps) {
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

  /** The bytes of UTF-8 that a token stands for inside a text; none for a special one. */
  byte[] bytes(int id) {
    String name = names.get(id);
    if (special.get(id)) {
      return new byte[0];
    }
    if (steps.contains(DecodeSteps.BYTE_LEVEL)) {
      return ByteLevel.bytesOf(name);
    }
    if (BYTE.matcher(name).matches()) {
      return new byte[] {(byte) Integer.parseInt(name, 3, 5, 16)};
    }
    return name.replace((char) BpeBuilder.MARK, ' ').getBytes(StandardCharsets.UTF_8);
  }

  TokenStream stream(boolean skipSpecial) {
    return new Stream(this, skipSpecial);
  }

  private static final class Stream implements TokenStream, DecodeStep.Sink {
    private final TokenDecoder decoder;
    private final boolean skipSpecial;
    private final DecodeStep.Sink first;
    private final StringBuilder ready = new StringBuilder();

    Stream(TokenDecoder decoder, boolean skipSpecial) {
      this.decoder = decoder;
      this.skipSpecial = skipSpecial;
      DecodeStep.Sink sink = this;
      for (DecodeStep step : decoder.steps.reversed()) {
        sink = step.before(sink);
      }
      this.first = sink;
    }

    @Override
    public String next(int id) {
      if (id < 0 || id >= decoder.names.size()) {
        return "";
      }
      String name = decoder.names.get(id);
      if (!name.isEmpty() && !(skipSpecial && decoder.special.get(id))) {
        first.text(name);
        first.endToken();
      }
      return take();
    }

    @Override
    public String finish() {
      first.end();
      return take();
    }

    private String take() {
      String text = ready.toString();
      ready.setLength(0);
      return text;
    }

    @Override
    public void text(CharSequence piece) {
      ready.append(piece);
    }

    @Override
    public void endToken() {}

    @Override
    public void end() {}
  }
}
