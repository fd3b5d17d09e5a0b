package dev.dragoman.models.architecture;

/**
 * A model that reads one text and writes another: the encoder's states of the first are what the
 * decoder's {@link Decoder.Session#remember} takes.
 *
 * @param startsFromZeros whether the decoder takes zeros in place of the embedding of the first
 *     token, whatever that is
 */
public record EncoderDecoder(Encoder encoder, Decoder decoder, boolean startsFromZeros) {
  /** A model whose decoder takes the embedding of the first token, as of every other. */
  public EncoderDecoder(Encoder encoder, Decoder decoder) {
    this(encoder, decoder, false);
  }
}
