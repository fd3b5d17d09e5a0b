package dev.dragoman.models;

import dev.dragoman.models.architecture.Adapter;
import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.Batch;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.EncoderDecoder;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.CacheType;
import java.nio.file.Files;
import java.nio.file.Path;

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
    return Files.isRegularFile(folder.resolve("config.json"))
        && Architectures.isEncoderDecoder(ModelConfig.read(folder));
  }

  /**
   * Opens the model in a Hugging Face folder; no tokenizer is needed.
   *
   * @throws ModelException if there is no model that is known here
   */
  public static SequenceModel open(Path folder) {
    Weights weights = Weights.open(folder);
    try {
      return new SequenceModel(
          Architectures.encoderDecoder(ModelConfig.read(folder), weights, Models.kernels()),
          weights);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
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
   * @param target at least one id
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
      Step step = new Step();
      step.add(
          decoder.sequence(target.length, CacheType.F32, Adapter.NONE, memory),
          target,
          0,
          target.length,
          Step.Wanted.ALL);
      session.writing.run(step, Encoder.Layers.UNSEEN);
      return hasHead()
          ? rows(session.writing.logits(), target.length, decoder.vocabulary())
          : rows(session.writing.states(), target.length, decoder.width());
    });
  }

  private static float[][] rows(float[] all, int count, int width) {
    float[][] rows = new float[count][width];
    for (int i = 0; i < count; i++) {
      System.arraycopy(all, i * width, rows[i], 0, width);
    }
    return rows;
  }

  /** Unmaps the weights. */
  @Override
  public void close() {
    sessions.close();
  }
}
