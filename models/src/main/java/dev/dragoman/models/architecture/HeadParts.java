package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Matrix;
import java.util.Optional;

/** Puts heads together, by the names of their tensors. */
record HeadParts(ModelConfig file, Parts parts, int width) {
  /** Scores of labels for a sequence, from its first token. */
  Head sequence(String dense, Activation activation, String classifier) {
    return sequence(
        Head.Over.FIRST,
        new Head.Transform(parts.linear(dense, width, width), activation, Optional.empty(), 0),
        classifier);
  }

  /** Scores of labels for a sequence. */
  Head sequence(Head.Over over, Head.Transform transform, String classifier) {
    return new Head(
        parts.kernels(), EncoderTask.SEQUENCE, over, Optional.of(transform), labels(classifier));
  }

  /** Scores of labels for each token. */
  Head tokens(String classifier) {
    return new Head(
        parts.kernels(),
        EncoderTask.TOKENS,
        Head.Over.TOKENS,
        Optional.empty(),
        labels(classifier));
  }

  /** Scores of labels for each token, with a layer before them. */
  Head tokens(Head.Transform transform, String classifier) {
    return new Head(
        parts.kernels(),
        EncoderTask.TOKENS,
        Head.Over.TOKENS,
        Optional.of(transform),
        labels(classifier));
  }

  /** Scores of the vocabulary for each token. */
  Head masked(
      String dense,
      Activation activation,
      String norm,
      float epsilon,
      String words,
      String decoder,
      String bias) {
    return masked(
        new Head.Transform(
            parts.linear(dense, width, width),
            activation,
            Optional.of(parts.norm(norm, width)),
            epsilon),
        words,
        decoder,
        bias);
  }

  /** Scores of the vocabulary for each token; a bias without a name is none. */
  Head masked(Head.Transform transform, String words, String decoder, String bias) {
    int vocabulary = file.positive("vocab_size");
    String matrix = file.flag("tie_word_embeddings", true) ? words : decoder;
    Matrix out =
        parts
            .kernels()
            .pack(
                vocabulary,
                width,
                parts.table(matrix, vocabulary, width),
                bias.isEmpty()
                    ? new float[vocabulary]
                    : parts.weights().tensor(bias, vocabulary).floats());
    return new Head(
        parts.kernels(), EncoderTask.MASKED, Head.Over.TOKENS, Optional.of(transform), out);
  }

  private Matrix labels(String classifier) {
    return parts.linear(classifier, Labels.read(file).names().size(), width);
  }
}
