package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.vision.PixelValues;
import java.util.List;

/** A language model in whose text pictures stand, as tokens of their own. */
public final class PictureReader implements PictureModel {
  private final Kernels kernels;
  private final VisionTower tower;
  private final Matrix connector;
  private final int scale;
  private final Decoder decoder;
  private final int imageToken;

  /**
   * A model.
   *
   * @param connector [H, E * scale^2], where E is the width of the tower
   * @param scale how many patches a token is across and down
   * @param imageToken the id of tokens in whose places pictures come
   */
  PictureReader(
      Kernels kernels,
      VisionTower tower,
      Matrix connector,
      int scale,
      Decoder decoder,
      int imageToken) {
    this.kernels = kernels;
    this.tower = tower;
    this.connector = connector;
    this.scale = scale;
    this.decoder = decoder;
    this.imageToken = imageToken;
  }

  /** What reads and writes. */
  public Decoder decoder() {
    return decoder;
  }

  /** The id of tokens in whose places pictures come. */
  public int imageToken() {
    return imageToken;
  }

  /**
   * How many tokens a tile becomes.
   *
   * @throws ModelException if its patches are no square that can be put together
   */
  public int tokens(PixelValues tile) {
    int patches = tower.patches().tokens(tile);
    int side = (int) Math.sqrt(patches);
    if (side * side != patches || side % scale != 0) {
      throw new ModelException(
          "a tile of %d x %d pixels has %d patches, which are no square with sides divisible by %d"
              .formatted(tile.height(), tile.width(), patches, scale));
    }
    return patches / (scale * scale);
  }

  int visionLayers() {
    return tower.layers();
  }

  int visionWidth() {
    return tower.width();
  }

  /** Scratch for one thread, to be kept and used again. */
  public Session session() {
    return new Session(this);
  }

  /** What one thread needs to run the model. */
  public static final class Session {
    private final PictureReader model;
    private final VisionTower.Run eye;
    private final Decoder.Session pen;
    private final float[] word;

    private Session(PictureReader model) {
      this.model = model;
      this.eye = model.tower.session();
      this.pen = model.decoder.session();
      this.word = new float[model.decoder.width()];
    }

    /** That of the decoder. */
    public Decoder.Session decoding() {
      return pen;
    }

    /**
     * The embeddings of a text with pictures in it.
     *
     * @param ids with as many of {@link PictureReader#imageToken} as the tiles become tokens
     * @param tiles in the order of the text
     * @return [ids, width of the decoder]
     * @throws ModelException if a tile does not fit, an id is outside the vocabulary or the tokens
     *     are not so many
     */
    public float[] embed(int[] ids, List<PixelValues> tiles) {
      return embed(ids, tiles, Encoder.Layers.UNSEEN);
    }

    float[] embed(int[] ids, List<PixelValues> tiles, Encoder.Layers seen) {
      int width = model.decoder.width();
      int places = 0;
      for (int id : ids) {
        places += id == model.imageToken ? 1 : 0;
      }
      int tokens = tiles.stream().mapToInt(model::tokens).sum();
      if (places != tokens) {
        throw new ModelException(
            "the text has %d image tokens (id %d), but the picture becomes %d"
                .formatted(places, model.imageToken, tokens));
      }
      float[] rows = new float[Math.multiplyExact(ids.length, width)];
      float[] pictures = tiles.isEmpty() ? new float[0] : pictures(tiles, tokens, seen);
      int next = 0;
      for (int i = 0; i < ids.length; i++) {
        if (ids[i] == model.imageToken) {
          System.arraycopy(pictures, next++ * width, rows, i * width, width);
        } else {
          model.decoder.embedding(ids[i], word);
          System.arraycopy(word, 0, rows, i * width, width);
        }
      }
      return rows;
    }

    private float[] pictures(List<PixelValues> tiles, int tokens, Encoder.Layers seen) {
      int width = model.decoder.width();
      int inputs = model.connector.inputs();
      float[] out = new float[tokens * width];
      int at = 0;
      for (PixelValues tile : tiles) {
        // One at a time, so that what is held does not grow with the picture.
        float[] states = eye.run(List.of(tile), seen);
        int count = model.tokens(tile);
        float[] squares = squares(states, eye.start(1));
        model.kernels.linear(
            count, squares, 0, inputs, model.connector, Activation.NONE, out, at, width);
        at += count * width;
      }
      return out;
    }

    /** Puts squares of patches one after the other: [tokens, E * scale^2]. */
    private float[] squares(float[] states, int patches) {
      int width = model.tower.width();
      int scale = model.scale;
      int side = (int) Math.sqrt(patches);
      int across = side / scale;
      float[] squares = new float[patches * width];
      for (int token = 0; token < across * across; token++) {
        for (int row = 0; row < scale; row++) {
          int from = (token / across * scale + row) * side + token % across * scale;
          System.arraycopy(
              states, from * width, squares, (token * scale + row) * scale * width, scale * width);
        }
      }
      return squares;
    }
  }
}
