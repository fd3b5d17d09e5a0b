package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import java.util.Arrays;
import java.util.Optional;

/**
 * BART with a head for sequences: the decoder reads the text once more, one place to the right, and
 * what it makes of the last token is scored. See {@link Bart}.
 */
final class BartClassifier implements EncoderFamily {
  private static final String CLASS = "BartForSequenceClassification";

  @Override
  public String prefix() {
    return "Bart";
  }

  @Override
  public boolean takes(ModelConfig file) {
    return file.texts("architectures").contains(CLASS);
  }

  @Override
  public Encoder encoder(ModelConfig file, Parts parts) {
    int start = file.whole("decoder_start_token_id", 2);
    EncoderDecoder model = Bart.open(new Checkpoint(file, parts.weights(), parts.kernels(), false));
    return new Both(model, start);
  }

  @Override
  public Optional<Head> head(ModelConfig file, Weights weights, Kernels kernels) {
    int width = file.positive("d_model");
    Parts parts = new Parts(weights, kernels);
    return Optional.of(
        new HeadParts(file, parts, width)
            .sequence(
                Head.Over.LAST,
                new Head.Transform(
                    parts.linear("classification_head.dense", width, width),
                    Activation.TANH,
                    Optional.empty(),
                    0),
                "classification_head.out_proj"));
  }

  /** The states of the decoder, for each token of the text. */
  private record Both(EncoderDecoder model, int start) implements Encoder {
    @Override
    public int width() {
      return model.decoder().width();
    }

    @Override
    public int positions() {
      return model.encoder().positions();
    }

    @Override
    public int vocabulary() {
      return model.encoder().vocabulary();
    }

    @Override
    public Session session() {
      return new Run(this);
    }
  }

  private static final class Run implements Encoder.Session {
    private final Both both;
    private final Encoder.Session reading;
    private final Decoder.Session writing;
    private final Step step = new Step();

    Run(Both both) {
      this.both = both;
      this.reading = both.model.encoder().session();
      this.writing = both.model.decoder().session();
    }

    @Override
    public float[] run(Batch batch, Encoder.Layers layers) {
      float[] states = reading.run(batch, Encoder.Layers.UNSEEN);
      int width = both.width();
      step.clear();
      for (int i = 0; i < batch.sequences(); i++) {
        int from = batch.start(i);
        int length = batch.start(i + 1) - from;
        int[] shifted = new int[length];
        Arrays.setAll(shifted, n -> n == 0 ? both.start : batch.id(from + n - 1));
        Memory memory = writing.remember(states, from * width, length);
        step.add(
            both.model.decoder().sequence(length, CacheType.F32, Adapter.NONE, memory),
            shifted,
            0,
            length,
            Step.Wanted.ALL);
      }
      writing.run(step, layers);
      return writing.states();
    }
  }
}
