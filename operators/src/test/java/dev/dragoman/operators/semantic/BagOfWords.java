package dev.dragoman.operators.semantic;

import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.SharedResource.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An embedder of its own kind: tokens are pieces of at most four letters or one other character,
 * and the vector of a text is the sum of a fixed random vector for each of its words.
 */
final class BagOfWords implements TextEmbedder {
  private static final int DIMENSIONS = 128;
  private static final int MAX_TOKENS = 258;
  private static final Pattern PIECE = Pattern.compile("[\\p{L}\\p{N}]{1,4}|[^\\p{L}\\p{N}\\s]");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private final AtomicInteger calls = new AtomicInteger();

  static Lease<TextEmbedder> lease() {
    return SharedResource.lease(TextEmbedder.class, new Object(), BagOfWords::new);
  }

  static final Tokenizer TOKENIZER = new Pieces();

  private static final class Pieces implements Tokenizer {
    @Override
    public Tokens encode(String text) {
      List<int[]> pieces = new ArrayList<>();
      for (Matcher m = PIECE.matcher(text); m.find(); ) {
        pieces.add(new int[] {Math.floorMod(m.group().hashCode(), 1000), m.start(), m.end()});
      }
      return tokens(pieces);
    }

    @Override
    public Tokens encodeForModel(String text, int limit) {
      Tokens all = encode(text);
      List<int[]> pieces = new ArrayList<>();
      pieces.add(new int[3]);
      for (int i = 0; i < Math.min(all.size(), limit - 2); i++) {
        pieces.add(new int[] {all.ids()[i], all.starts()[i], all.ends()[i]});
      }
      pieces.add(new int[3]);
      return tokens(pieces);
    }

    private static Tokens tokens(List<int[]> pieces) {
      return new Tokens(
          pieces.stream().mapToInt(p -> p[0]).toArray(),
          pieces.stream().mapToInt(p -> p[1]).toArray(),
          pieces.stream().mapToInt(p -> p[2]).toArray());
    }

    @Override
    public int vocabularySize() {
      return 1000;
    }

    @Override
    public String token(int id) {
      return "#" + id;
    }
  }

  int calls() {
    return calls.get();
  }

  @Override
  public int dimensions() {
    return DIMENSIONS;
  }

  @Override
  public int maxTokens() {
    return MAX_TOKENS;
  }

  @Override
  public Tokenizer tokenizer() {
    return TOKENIZER;
  }

  @Override
  public float[][] embed(List<String> texts) {
    calls.incrementAndGet();
    return texts.stream().map(BagOfWords::vector).toArray(float[][]::new);
  }

  private static float[] vector(String text) {
    double[] sum = new double[DIMENSIONS];
    for (Matcher m = WORD.matcher(text.toLowerCase(Locale.ROOT)); m.find(); ) {
      Random random = new Random(m.group().hashCode());
      for (int i = 0; i < DIMENSIONS; i++) {
        sum[i] += random.nextGaussian();
      }
    }
    return Embedders.unit(sum);
  }

  @Override
  public void close() {}
}
