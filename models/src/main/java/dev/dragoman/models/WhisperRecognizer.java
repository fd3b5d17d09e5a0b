package dev.dragoman.models;

import dev.dragoman.models.architecture.Whisper;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.speech.Ear;
import dev.dragoman.models.speech.Hearer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Hears with a Whisper model. */
final class WhisperRecognizer implements SpeechRecognizer {
  private static final Consumer<Speech.Segment> UNSEEN = segment -> {};

  private final Hearer hearer;
  private final ParallelKernels kernels;
  private final Sessions<Ear> ears;

  WhisperRecognizer(Whisper model, Hearer hearer, Weights weights, ParallelKernels kernels) {
    this.hearer = hearer;
    this.kernels = kernels;
    this.ears = new Sessions<>(() -> new Ear(model), weights);
  }

  @Override
  public Set<String> languages() {
    return hearer.languages();
  }

  @Override
  public boolean translates() {
    return hearer.translates();
  }

  @Override
  public List<Speech> transcribe(List<SampleSource> sounds, SpeechOptions options)
      throws IOException {
    hearer.check(options);
    return with(ear -> {
      if (options.windows() > 1) {
        return hearer.hear(ear, sounds, options);
      }
      List<Speech> heard = new ArrayList<>();
      for (SampleSource sound : sounds) {
        heard.add(hearer.hear(ear, sound, options, UNSEEN));
      }
      return heard;
    });
  }

  @Override
  public Speech transcribe(SampleSource sound, SpeechOptions options, Consumer<Speech.Segment> each)
      throws IOException {
    if (options.windows() > 1) {
      Speech speech = transcribe(List.of(sound), options).getFirst();
      speech.segments().forEach(each);
      return speech;
    }
    hearer.check(options);
    return with(ear -> hearer.hear(ear, sound, options, each));
  }

  @Override
  public Speech transcribe(float[] samples, SpeechOptions options) {
    try {
      return transcribe(SampleSource.of(samples), options, UNSEEN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Work<T> {
    T with(Ear ear) throws IOException;
  }

  private <T> T with(Work<T> work) throws IOException {
    Function<Ear, T> unchecked =
        ear -> {
          try {
            return work.with(ear);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    kernels.enter();
    try {
      return ears.with(unchecked);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      kernels.leave();
    }
  }

  @Override
  public SpeechStream stream(SpeechOptions options) {
    hearer.check(options);
    return new WhisperStream(this, options);
  }

  @Override
  public void close() {
    ears.close();
    kernels.close();
  }
}
