package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.CacheType;
import java.nio.file.Path;

/**
 * A language model: from the tokens of a sequence up to each position it tells the next token. Safe
 * for use by many threads, through sessions.
 *
 * <p>A {@link Sequence} remembers the keys and values of the tokens it has been given (the KV
 * cache). A {@link Step} names the next tokens of one or many sequences; {@link Session#run} takes
 * all of them through the model together. What a sequence gets does not depend on what else is in
 * the step, nor on how its tokens are spread over steps, to the last bit:
 *
 * <pre>{@code
 * Sequence sequence = decoder.sequence(prompt.length + 100);
 * Decoder.Session session = decoder.session();
 * Step step = new Step();
 * step.add(sequence, prompt, 0, prompt.length, Step.Wanted.LAST); // prefill
 * session.run(step, Encoder.Layers.UNSEEN);
 * int next = argmax(session.logits(), 0, decoder.vocabulary());
 * step.clear();
 * step.add(sequence, next);                                       // decode
 * session.run(step, Encoder.Layers.UNSEEN);
 * }</pre>
 */
public interface Decoder {
  /** The length of the hidden states. */
  int width();

  /** How many token ids it knows. */
  int vocabulary();

  /** How many layers it has, the embeddings not counted. */
  int layers();

  /** How many tokens a sequence has, at most, for the model to be at its best. */
  int positions();

  /**
   * Whether it gives {@link Session#logits}; a checkpoint without a head only gives {@link
   * Session#states}.
   */
  boolean hasHead();

  /**
   * An empty sequence.
   *
   * @param limit how many tokens it may come to have, at least 1. With positions that depend on the
   *     length of the text ({@code longrope}, {@code dynamic}) this is the length that decides, so
   *     that the same text gives the same numbers however it is cut into steps. More than {@link
   *     #positions} is let through where positions are computed, as in the reference.
   * @throws dev.dragoman.models.ModelException if the model has no such positions
   */
  default Sequence sequence(int limit) {
    return sequence(limit, CacheType.F32);
  }

  /** The same, with keys and values held in this way. */
  default Sequence sequence(int limit, CacheType cache) {
    return sequence(limit, cache, Adapter.NONE);
  }

  /**
   * The same, with what an adapter adds to the model.
   *
   * @param adapter that {@link #adapter} has read, or {@link Adapter#NONE}
   */
  default Sequence sequence(int limit, CacheType cache, Adapter adapter) {
    return sequence(limit, cache, adapter, Memory.NONE);
  }

  /**
   * The same, looking at a memory.
   *
   * @param memory that a {@link Session#remember} of this decoder has made; {@link Memory#NONE} for
   *     a decoder that only sees its own text
   */
  Sequence sequence(int limit, CacheType cache, Adapter adapter, Memory memory);

  /**
   * Reads a LoRA adapter: {@code adapter_config.json} and {@code adapter_model.safetensors} in a
   * folder, as peft writes them. Its numbers are copied.
   *
   * @throws dev.dragoman.models.ModelException if it is for another model, asks for something that
   *     is not supported, or is damaged
   */
  Adapter adapter(Path folder);

  /**
   * The embedding of a token as it enters the first layer, but for learned positions.
   *
   * @param into [width]
   * @throws dev.dragoman.models.ModelException if the id is outside the vocabulary
   */
  void embedding(int id, float[] into);

  /** Scratch for one thread, to be kept and used again. */
  Session session();

  /** What one thread needs to run the model. Allocates only when a step is larger than before. */
  interface Session {
    /**
     * Runs the model over the tokens of a step, and adds them to their sequences.
     *
     * @param layers is shown [tokens, width] for 0 (the embeddings) up to {@link Decoder#layers};
     *     the last one after the model's final normalisation, as transformers does
     * @throws dev.dragoman.models.ModelException if a token id is outside the vocabulary; no
     *     sequence is changed then
     */
    void run(Step step, Encoder.Layers layers);

    /**
     * Projects an encoder's states to what this decoder's layers look at.
     *
     * @param states [length, width of the encoder] from {@code at} on
     * @throws IllegalStateException if the decoder only sees its own text
     */
    Memory remember(float[] states, int at, int length);

    /**
     * The hidden states, after the final normalisation, of the tokens that were wanted in the last
     * run.
     *
     * @return [wanted, width], valid until the next run; the array may be longer than that
     */
    float[] states();

    /**
     * The scores of the next token after each of the tokens that were wanted in the last run.
     *
     * @return [wanted, vocabulary], valid until the next run; the array may be longer than that
     * @throws IllegalStateException if the model has no head
     */
    float[] logits();
  }
}
