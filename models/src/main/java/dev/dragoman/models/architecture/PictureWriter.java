package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.vision.PixelValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A model whose decoder looks at a picture, or at a question that has looked at it. */
public final class PictureWriter implements PictureModel {
  private final Kernels kernels;
  private final VisionTower tower;
  private final Optional<Matrix> bridge;
  private final Optional<Decoder> questions;
  private final Decoder decoder;

  /**
   * A model.
   *
   * @param bridge [width that the decoder looks at, width of the tower], if they are not the same
   * @param questions what questions go through, looking at the picture, on their way to the decoder
   */
  PictureWriter(
      Kernels kernels,
      VisionTower tower,
      Optional<Matrix> bridge,
      Optional<Decoder> questions,
      Decoder decoder) {
    this.kernels = kernels;
    this.tower = tower;
    this.bridge = bridge;
    this.questions = questions;
    this.decoder = decoder;
  }

  /** What writes. */
  public Decoder decoder() {
    return decoder;
  }

  /** Whether it must be asked something about a picture. */
  public boolean isAsked() {
    return questions.isPresent();
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
    private final PictureWriter model;
    private final VisionTower.Run eye;
    private final Decoder.Session pen;
    private float[] bridged = new float[0]; // [tokens, width that the decoder looks at]

    private Session(PictureWriter model) {
      this.model = model;
      this.eye = model.tower.session();
      this.pen = model.decoder.session();
    }

    /** That of the decoder. */
    public Decoder.Session decoding() {
      return pen;
    }

    /**
     * What the decoder is to look at, for each picture.
     *
     * @throws ModelException if a picture does not have the model's size
     * @throws IllegalStateException if it must be asked something
     */
    public List<Memory> look(List<PixelValues> pictures) {
      return look(pictures, Encoder.Layers.UNSEEN);
    }

    List<Memory> look(List<PixelValues> pictures, Encoder.Layers seen) {
      if (model.isAsked()) {
        throw new IllegalStateException("the model must be asked something");
      }
      return remember(pictures, seen, pen);
    }

    /**
     * What the decoder is to look at, for a question about a picture.
     *
     * @param question its tokens, at least one
     * @throws ModelException if the picture does not have the model's size, or the question is too
     *     long
     * @throws IllegalStateException if it cannot be asked anything
     */
    public Memory ask(PixelValues picture, int[] question) {
      return ask(picture, question, Encoder.Layers.UNSEEN);
    }

    Memory ask(PixelValues picture, int[] question, Encoder.Layers seen) {
      Decoder reader =
          model.questions.orElseThrow(
              () -> new IllegalStateException("the model cannot be asked anything"));
      if (question.length == 0) {
        throw new ModelException("there must be at least one token of a question");
      }
      Decoder.Session reading = reader.session();
      Memory seenPicture = remember(List.of(picture), seen, reading).getFirst();
      Step step = new Step();
      step.add(
          reader.sequence(question.length, CacheType.F32, Adapter.NONE, seenPicture),
          question,
          0,
          question.length,
          Step.Wanted.ALL);
      reading.run(step, Encoder.Layers.UNSEEN);
      return pen.remember(reading.states(), 0, question.length);
    }

    private List<Memory> remember(
        List<PixelValues> pictures, Encoder.Layers seen, Decoder.Session into) {
      float[] states = eye.run(pictures, seen);
      int width = model.tower.width();
      if (model.bridge.isPresent()) {
        Matrix matrix = model.bridge.get();
        int tokens = eye.start(pictures.size());
        bridged = Pass.room(bridged, tokens, matrix.outputs());
        model.kernels.linear(
            tokens, states, 0, width, matrix, Activation.NONE, bridged, 0, matrix.outputs());
        states = bridged;
        width = matrix.outputs();
      }
      List<Memory> memories = new ArrayList<>();
      for (int i = 0; i < pictures.size(); i++) {
        memories.add(into.remember(states, eye.start(i) * width, eye.start(i + 1) - eye.start(i)));
      }
      return memories;
    }
  }
}
