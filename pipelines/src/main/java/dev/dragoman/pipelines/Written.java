package dev.dragoman.pipelines;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transform as it is written.
 *
 * @param inputs what it takes from
 */
record Written(StepType type, String name, Yaml at, @Nullable Yaml config, List<Input> inputs) {
  Written {
    inputs = List.copyOf(inputs);
  }

  /**
   * What a transform takes from.
   *
   * @param from the name of a step, or of one of its outputs, or {@link Recipe#REJECTED}
   * @param at where it says so
   */
  record Input(String from, Yaml at) {
    /** The step, without the output. */
    String step() {
      int dot = from.indexOf('.');
      return dot < 0 ? from : from.substring(0, dot);
    }
  }

  /** The place of a key of its config, or the nearest place around it there is. */
  Yaml at(String key) {
    Yaml place = config == null ? at : config;
    for (String step : key.isEmpty() ? new String[0] : key.split("\\.", -1)) {
      if (place.isMapping()) {
        Yaml inner = place.entries("config").get(step);
        if (inner != null) {
          place = inner;
        }
      }
    }
    return place;
  }
}
