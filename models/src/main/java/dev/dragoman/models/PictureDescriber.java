package dev.dragoman.models;

import dev.dragoman.models.vision.Pixels;
import java.nio.file.Path;
import java.util.List;

/**
 * A model that says in words what is in a picture, or answers questions about it. Safe for use by
 * many threads.
 */
public interface PictureDescriber extends AutoCloseable {
  /**
   * Opens a Hugging Face folder: ViT or DeiT with GPT-2, TrOCR, BLIP for captions or questions,
   * Idefics3 and SmolVLM.
   *
   * @throws ModelException if there is no such model that is known here
   */
  static PictureDescriber open(Path folder) {
    return open(folder, 1);
  }

  /**
   * The same.
   *
   * @param threads how many threads a call may use, the caller's own included
   */
  static PictureDescriber open(Path folder, int threads) {
    return PictureModels.openDescriber(folder, threads);
  }

  /**
   * Whether a folder says that it holds such a model.
   *
   * @throws ModelException if it cannot be read
   */
  static boolean isOne(Path folder) {
    return PictureModels.isDescriber(folder);
  }

  /** Whether it writes captions. */
  boolean captions();

  /** Whether it answers questions. */
  boolean answers();

  /**
   * Says what is in pictures. What is said of one does not depend on the others.
   *
   * @throws ModelException if it only answers questions
   */
  List<Description> caption(List<Pixels> pictures, DescribeOptions options);

  /**
   * Answers questions.
   *
   * @throws ModelException if it only writes captions
   */
  List<Description> answer(List<Question> questions, DescribeOptions options);

  /** A picture and what is asked about it. */
  record Question(Pixels picture, String text) {}

  /** Unmaps the weights. */
  @Override
  void close();
}
