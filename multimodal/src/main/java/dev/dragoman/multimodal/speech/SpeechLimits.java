package dev.dragoman.multimodal.speech;

import java.time.Duration;

/**
 * How much of a sound is taken on.
 *
 * @param maxSound a longer sound is refused as {@code TOO_LARGE}
 * @param decodeTime ffmpeg is killed after this time
 */
public record SpeechLimits(Duration maxSound, Duration decodeTime) {
  /** Four hours of sound, decoded within ten minutes. */
  public static final SpeechLimits DEFAULT =
      new SpeechLimits(Duration.ofHours(4), Duration.ofMinutes(10));

  public SpeechLimits {
    if (!maxSound.isPositive() || !decodeTime.isPositive()) {
      throw new IllegalArgumentException(
          "limits must be positive: " + maxSound + ", " + decodeTime);
    }
  }
}
