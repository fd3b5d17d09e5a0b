package dev.dragoman.tests.parity;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What {@code tests/parity/sentences.py} and {@code tests/parity/e5.py} recorded. */
public final class Goldens {
  private Goldens() {}

  /** 1,000 sentences. */
  public static List<String> sentences() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> sentences = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(open("sentences.jsonl"), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        sentences.add(json.readValue(line, String.class));
      }
    }
    return sentences;
  }

  /** The vectors sentence-transformers gives for them: [sentences, dimensions]. */
  static float[][] vectors(int dimensions) throws IOException {
    return vectors("sentences.f16", dimensions);
  }

  /** Recorded vectors: [texts, dimensions]. */
  static float[][] vectors(String name, int dimensions) throws IOException {
    try (InputStream in = open(name)) {
      ByteBuffer halves = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      float[][] vectors = new float[halves.remaining() / 2 / dimensions][dimensions];
      for (float[] vector : vectors) {
        for (int i = 0; i < dimensions; i++) {
          vector[i] = Float.float16ToFloat(halves.getShort());
        }
      }
      return vectors;
    }
  }

  static InputStream open(String name) {
    return Objects.requireNonNull(Goldens.class.getResourceAsStream(name), name);
  }
}
