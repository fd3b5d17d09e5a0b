package dev.dragoman.models.template;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The variables of one call of a function: the template itself, a macro, the body of a call. */
final class Frame {
  private final Value[] slots;
  private final @Nullable Frame around;

  Frame(int size, @Nullable Frame around) {
    slots = new Value[size];
    Arrays.fill(slots, Value.Undefined.MISSING);
    this.around = around;
  }

  Value get(Slot slot, int hops) {
    return at(hops).slots[slot.index()];
  }

  void set(Slot slot, Value value) {
    slots[slot.index()] = value;
  }

  private Frame at(int hops) {
    Frame frame = this;
    for (int i = 0; i < hops && frame.around != null; i++) {
      frame = frame.around;
    }
    return frame;
  }
}
