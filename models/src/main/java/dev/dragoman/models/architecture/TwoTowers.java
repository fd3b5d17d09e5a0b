package dev.dragoman.models.architecture;

import dev.dragoman.models.vision.PixelValues;
import java.util.List;

/** A model that gives pictures and texts vectors in one space. */
public final class TwoTowers implements PictureModel {
  private final int width;
  private final int positions;
  private final int padding;
  private final float scale;
  private final float bias;
  private final boolean exclusive;
  private final Maker maker;
  private final int visionLayers;

  /** Makes scratch for one thread. */
  interface Maker {
    Session session();
  }

  /**
   * A model.
   *
   * @param positions how many tokens a text may have
   * @param padding what texts are filled up with to all positions; -1 if they are not
   * @param scale what the likeness of a picture and a text is multiplied by to be a score
   * @param bias what is added then
   * @param exclusive whether only one of several texts can be right
   */
  TwoTowers(
      int width,
      int positions,
      int padding,
      float scale,
      float bias,
      boolean exclusive,
      int visionLayers,
      Maker maker) {
    this.width = width;
    this.positions = positions;
    this.padding = padding;
    this.scale = scale;
    this.bias = bias;
    this.exclusive = exclusive;
    this.visionLayers = visionLayers;
    this.maker = maker;
  }

  /** The length of the vectors. */
  public int width() {
    return width;
  }

  /** How many tokens a text may have. */
  public int positions() {
    return positions;
  }

  /** What texts are filled up with to all positions; -1 if they are not. */
  public int padding() {
    return padding;
  }

  /** How well a picture and a text fit, from the product of their vectors of unit length. */
  public double score(double likeness) {
    return likeness * scale + bias;
  }

  /** Whether only one of several texts can be right, rather than any number of them. */
  public boolean exclusive() {
    return exclusive;
  }

  int visionLayers() {
    return visionLayers;
  }

  /** Scratch for one thread, to be kept and used again. */
  public Session session() {
    return maker.session();
  }

  /** What one thread needs to run the model. */
  public interface Session {
    /**
     * The vectors of pictures, not scaled to unit length.
     *
     * @return [pictures, width]
     * @throws dev.dragoman.models.ModelException if a picture does not have the model's size
     */
    default float[][] pictures(List<PixelValues> pictures) {
      return pictures(pictures, Encoder.Layers.UNSEEN);
    }

    /** The same, showing what the layers give. */
    float[][] pictures(List<PixelValues> pictures, Encoder.Layers seen);

    /**
     * The vector of a text, not scaled to unit length.
     *
     * @param ids its tokens, at least one
     * @return [width]
     * @throws dev.dragoman.models.ModelException if they are too many or not in the vocabulary
     */
    default float[] text(int[] ids) {
      return text(ids, Encoder.Layers.UNSEEN);
    }

    /** The same, showing what the layers give. */
    float[] text(int[] ids, Encoder.Layers seen);
  }
}
