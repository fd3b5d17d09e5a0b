package dev.dragoman.tests.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.dragoman.models.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The same weights in ONNX Runtime, as one uses it: each batch padded to its longest text, with the
 * same tokenizer and the same pooling.
 */
final class OnnxEmbedder implements AutoCloseable {
  /** The file, and what it calls the last hidden state. */
  enum Model {
    F32("/all-minilm-l6-v2.onnx", "output_0"),
    INT8("/all-minilm-l6-v2-q.onnx", "last_hidden_state");

    private final String file;
    private final String output;

    Model(String file, String output) {
      this.file = file;
      this.output = output;
    }
  }

  private final Model model;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Tokenizer tokenizer;
  private final int maxTokens;

  OnnxEmbedder(Model model, Tokenizer tokenizer, int maxTokens, int threads)
      throws OrtException, IOException {
    this.model = model;
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    try (InputStream file =
            Objects.requireNonNull(OnnxEmbedder.class.getResourceAsStream(model.file));
        SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      this.session = environment.createSession(file.readAllBytes(), options);
    }
  }

  float[][] embed(List<String> texts) throws OrtException {
    int[][] ids =
        texts.stream()
            .map(text -> tokenizer.encodeForModel(text, maxTokens).ids())
            .toArray(int[][]::new);
    int longest = 0;
    for (int[] text : ids) {
      longest = Math.max(longest, text.length);
    }
    long[] padded = new long[ids.length * longest];
    long[] mask = new long[padded.length];
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < ids[i].length; j++) {
        padded[i * longest + j] = ids[i][j];
        mask[i * longest + j] = 1;
      }
    }
    long[] shape = {ids.length, longest};
    try (OnnxTensor inputIds =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(padded), shape);
        OnnxTensor attentionMask =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[mask.length]), shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", inputIds,
                    "attention_mask", attentionMask,
                    "token_type_ids", types),
                Set.of(model.output))) {
      return pool(((OnnxTensor) result.get(0)).getFloatBuffer(), ids, longest);
    }
  }

  private static float[][] pool(FloatBuffer hidden, int[][] ids, int longest) {
    int width = hidden.remaining() / ids.length / longest;
    float[][] vectors = new float[ids.length][width];
    float[] row = new float[width];
    for (int i = 0; i < ids.length; i++) {
      float squares = 0;
      for (int j = 0; j < ids[i].length; j++) {
        hidden.get((i * longest + j) * width, row);
        for (int k = 0; k < width; k++) {
          vectors[i][k] += row[k];
        }
      }
      for (float value : vectors[i]) {
        squares += value * value;
      }
      float factor = (float) (1 / Math.sqrt(squares));
      for (int k = 0; k < width; k++) {
        vectors[i][k] *= factor;
      }
    }
    return vectors;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
