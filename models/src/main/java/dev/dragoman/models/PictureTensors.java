package dev.dragoman.models;

import dev.dragoman.models.architecture.Adapter;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.PictureReader;
import dev.dragoman.models.architecture.PictureWriter;
import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.architecture.TwoTowers;
import dev.dragoman.models.format.Npy;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.vision.PixelValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model that looks at pictures, as numbers in and numbers out: without tokenizer and image
 * processor, to be compared with other implementations. For one thread.
 */
public final class PictureTensors implements AutoCloseable {
  private final PictureModels.Opened opened;

  private PictureTensors(PictureModels.Opened opened) {
    this.opened = opened;
  }

  /**
   * Whether a folder says that it holds such a model.
   *
   * @throws ModelException if it cannot be read
   */
  public static boolean isOne(Path folder) {
    return PictureModels.isOne(folder);
  }

  /**
   * Opens a folder; only {@code config.json} and the weights are needed.
   *
   * @throws ModelException if there is no such model that is known here
   */
  public static PictureTensors open(Path folder) {
    return PictureModels.open(folder, 1, PictureTensors::new);
  }

  /** Whether {@link #forward} gives vectors in one space, and not scores of tokens. */
  public boolean embeds() {
    return opened.model() instanceof TwoTowers;
  }

  /**
   * Runs one input through the model.
   *
   * @param pixels [1, 3, height, width], or [1, tiles, 3, height, width] for a picture in tiles
   * @param inputIds the text, or the question about the picture; may be empty where the model has
   *     none
   * @param decoderInputIds what is written so far; if empty, {@code inputIds} for models that only
   *     write
   * @return scores of the next token [tokens, vocabulary]; or the vector of the text, then that of
   *     the picture, both of unit length
   * @throws ModelException if something does not fit the model
   */
  public float[][] forward(Npy pixels, int[] inputIds, int[] decoderInputIds) {
    List<PixelValues> tiles = tiles(pixels);
    return switch (opened.model()) {
      case TwoTowers towers -> {
        TwoTowers.Session session = towers.session();
        float[][] both = {session.text(inputIds), session.pictures(one(tiles))[0]};
        opened.kernels().unitLength(both[0]);
        opened.kernels().unitLength(both[1]);
        yield both;
      }
      case PictureWriter writer -> logits(writer, one(tiles), inputIds, decoderInputIds);
      case PictureReader reader -> logits(reader, tiles, inputIds);
    };
  }

  private static List<PixelValues> one(List<PixelValues> tiles) {
    if (tiles.size() != 1) {
      throw new ModelException("the model takes one picture, not " + tiles.size());
    }
    return tiles;
  }

  private static List<PixelValues> tiles(Npy pixels) {
    int[] shape = pixels.shape();
    int rank = shape.length;
    if (rank < 4 || rank > 5 || shape[0] != 1 || shape[rank - 3] != 3) {
      throw new ModelException(
          "pixel_values has shape %s; it must be [1, 3, height, width]"
              .formatted(Arrays.toString(shape)));
    }
    int height = shape[rank - 2];
    int width = shape[rank - 1];
    int each = 3 * height * width;
    List<PixelValues> tiles = new ArrayList<>();
    for (int from = 0; from + each <= pixels.values().length && each > 0; from += each) {
      tiles.add(
          new PixelValues(height, width, Arrays.copyOfRange(pixels.values(), from, from + each)));
    }
    return tiles;
  }

  private static float[][] logits(
      PictureWriter model, List<PixelValues> picture, int[] inputIds, int[] decoderInputIds) {
    PictureWriter.Session session = model.session();
    int[] ids = decoderInputIds.length == 0 && !model.isAsked() ? inputIds : decoderInputIds;
    Memory memory =
        model.isAsked()
            ? session.ask(picture.getFirst(), inputIds)
            : session.look(picture).getFirst();
    atLeastOne(ids);
    Step step = new Step();
    step.add(
        model.decoder().sequence(ids.length, CacheType.F32, Adapter.NONE, memory),
        ids,
        0,
        ids.length,
        Step.Wanted.ALL);
    return run(model.decoder(), session.decoding(), step);
  }

  private static float[][] logits(PictureReader model, List<PixelValues> tiles, int[] ids) {
    atLeastOne(ids);
    PictureReader.Session session = model.session();
    float[] rows = session.embed(ids, tiles);
    Sequence sequence = model.decoder().sequence(ids.length);
    Step step = new Step();
    step.add(sequence, rows, 0, ids.length, Step.Wanted.ALL);
    return run(model.decoder(), session.decoding(), step);
  }

  private static void atLeastOne(int[] ids) {
    if (ids.length == 0) {
      throw new ModelException("there must be at least one token id");
    }
  }

  private static float[][] run(Decoder decoder, Decoder.Session session, Step step) {
    session.run(step, Encoder.Layers.UNSEEN);
    float[] all = session.logits();
    float[][] rows = new float[step.wanted()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(all, i * decoder.vocabulary(), (i + 1) * decoder.vocabulary());
    }
    return rows;
  }

  @Override
  public void close() {
    opened.kernels().close();
    opened.weights().close();
  }
}
