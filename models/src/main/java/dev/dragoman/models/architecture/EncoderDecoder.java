package dev.dragoman.models.architecture;

/**
 * A model that reads one text and writes another: the encoder's states of the first are what the
 * decoder's {@link Decoder.Session#remember} takes.
 */
public record EncoderDecoder(Encoder encoder, Decoder decoder) {}
