package dev.dragoman.models;

import dev.dragoman.models.architecture.Adapter;
import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.Batch;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.EncoderDecoder;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.CacheType;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bare arithmetic of a model that reads one text and writes another, from token ids to scores.
 * Safe for use by many threads.
 */
public final class SequenceModel implements AutoCloseable {
  private final EncoderDecoder model;
  private final Sessions<Session> sessions;

  private record Session(Encoder.Session reading, Decoder.Session writing) {}

  private SequenceModel(EncoderDecoder model, Weights weights) {
    this.model = model;
    this.sessions =
        new Sessions<>(
            () -> new Session(model.encoder().session(), model.decoder().session()), weights);
  }

  /**
   * Whether a folder says that it holds such a model.
   *
   * @throws ModelException if it cannot be read
   */
  public static boolean isOne(Path folder) {
    return Models.isSequence(folder) || MarianFolder.isTransformer(folder);
  }

  /**
   * Opens the model in a folder of Hugging Face, of CTranslate2 or of Marian; no tokenizer is
   * needed.
   *
   * @throws ModelException if there is no model that is known here
   */
  public static SequenceModel open(Path folder) {
    Path path =
        MarianFolder.isOne(folder)
            ? MarianFolder.of(folder).model()
            : ConvertedFolder.weights(folder);
    return Models.open(
        path,
        weights ->
            new SequenceModel(
                Architectures.encoderDecoder(
                    weights.marian().isPresent() ? path : folder, weights, Models.kernels()),
                weights));
  }

  /** Whether it gives scores; otherwise states. */
  public boolean hasHead() {
    return model.decoder().hasHead();
  }

  /**
   * The scores of the next token after each token of what is written, or, without a head, the
   * hidden state of each.
   *
   * @param source at least one id
   * @param target at least one id; of a model that starts from zeros the first does not matter
   * @return [target, vocabulary] or [target, width]
   * @throws ModelException if there are too many ids, or one is outside the vocabulary
   */
  public float[][] forward(int[] source, int[] target) {
    Decoder decoder = model.decoder();
    if (source.length == 0 || target.length == 0) {
      throw new ModelException("input_ids and decoder_input_ids must have at least one id each");
    }
    Batch batch = new Batch();
    batch.add(source);
    return sessions.with(session -> {
      float[] states = session.reading.run(batch, Encoder.Layers.UNSEEN);
      Memory memory = session.writing.remember(states, 0, source.length);
      Sequence sequence = decoder.sequence(target.length, CacheType.F32, Adapter.NONE, memory);
      float[][] rows = new float[target.length][];
      int first = model.startsFromZeros() ? 1 : 0;
      Step step = new Step();
      if (first > 0) {
        step.add(sequence, new float[decoder.width()], 0, 1, Step.Wanted.ALL);
        run(session, step, rows, 0);
      }
      if (first < target.length) {
        step.clear();
        step.add(sequence, target, first, target.length - first, Step.Wanted.ALL);
        run(session, step, rows, first);
      }
      return rows;
    });
  }

  private void run(Session session, Step step, float[][] rows, int from) {
    session.writing.run(step, Encoder.Layers.UNSEEN);
    float[] all = hasHead() ? session.writing.logits() : session.writing.states();
    int width = hasHead() ? model.decoder().vocabulary() : model.decoder().width();
    for (int i = 0; i < step.tokens(); i++) {
      rows[from + i] = Arrays.copyOfRange(all, i * width, (i + 1) * width);
    }
  }

  /** Unmaps the weights. */
  @Override
  public void close() {
    sessions.close();
  }
}
