package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A state dict as {@code torch.save} writes it since PyTorch 1.6 (<a
 * href="https://pytorch.org/docs/stable/notes/serialization.html">format</a>): a zip archive whose
 * entries are only stored, {@code ROOT/data.pkl} with names, sizes and strides, {@code ROOT/data/N}
 * with numbers. Tensors whose numbers lie in order stay mapped; others, such as transposed views,
 * are put in order in memory, at most once the size of the file.
 */
final class TorchFile {
  private static final String DATA = "data.pkl";
  private static final int MOST_DIMENSIONS = 8;
  private static final int MOST_SETTING = 64;
  private static final int PICKLE = 0x80;

  private final String file;
  private final String root;
  private final Map<String, ZipDirectory.Entry> entries;

  /** How many bytes may still be put in order. */
  private long room;

  private TorchFile(String file, MemorySegment bytes) {
    this.file = file;
    this.entries = new HashMap<>();
    List<ZipDirectory.Entry> all = ZipDirectory.read(file, bytes);
    all.forEach(entry -> entries.put(entry.name(), entry));
    String first = all.isEmpty() ? "" : all.getFirst().name();
    this.root = first.substring(0, first.indexOf('/') + 1);
    this.room = bytes.byteSize();
  }

  static Map<String, Tensor> parse(String file, MemorySegment bytes) {
    if (isOld(bytes)) {
      throw new ModelException(
          file
              + " was saved by PyTorch before 1.6, or in the form of that time, which is not read:"
              + " save the model again with save_pretrained of transformers, which writes"
              + " model.safetensors");
    }
    return new TorchFile(file, bytes).tensors();
  }

  /** Whether a file is no archive but starts as a pickle does. */
  private static boolean isOld(MemorySegment bytes) {
    return bytes.byteSize() > 0 && (bytes.get(ValueLayout.JAVA_BYTE, 0) & 0xFF) == PICKLE;
  }

  private Map<String, Tensor> tensors() {
    String order = setting("byteorder", "little");
    if (!order.equals("little")) {
      throw new ModelException(
          "%s: its numbers have the byte order %s; only little is read".formatted(file, order));
    }
    Cursor cursor = new Cursor(file + ", " + DATA, stored(DATA).content(), 0);
    if (!(StatePickle.read(cursor) instanceof PickleValue.Dictionary state)) {
      throw cursor.wrong(0, "this is no state dict, with a tensor for each name");
    }
    if (cursor.left() > 0) {
      throw cursor.wrong(cursor.at(), "%d bytes follow the end".formatted(cursor.left()));
    }
    Map<PickleValue.View, Tensor> made = new IdentityHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state
        .entries()
        .forEach((name, value) -> {
          switch (value) {
            case PickleValue.View view ->
                tensors.put(
                    name, made.computeIfAbsent(view, one -> tensor(cursor, name, one)).as(name));
            case PickleValue.Plain _, PickleValue.Whole _, PickleValue.Text _ -> {}
            case PickleValue.Dictionary _ ->
                throw new ModelException(
                    "%s: %s is a dictionary, no tensor; save the state dict of the model alone"
                        .formatted(file, name));
            case PickleValue.Function _,
                PickleValue.Tuple _,
                PickleValue.Kind _,
                PickleValue.Storage _ ->
                throw new ModelException("%s: %s is no tensor".formatted(file, name));
          }
        });
    return tensors;
  }

  private String setting(String name, String absent) {
    if (!entries.containsKey(root + name)) {
      return absent;
    }
    MemorySegment content = stored(name).content();
    return new String(
            content
                .asSlice(0, Math.min(MOST_SETTING, content.byteSize()))
                .toArray(ValueLayout.JAVA_BYTE),
            StandardCharsets.ISO_8859_1)
        .strip();
  }

  private ZipDirectory.Entry stored(String name) {
    ZipDirectory.Entry entry = entries.get(root + name);
    if (entry == null) {
      throw new ModelException(
          "%s: there is no %s%s inside: this is no file of torch.save".formatted(file, root, name));
    }
    if (entry.method() != 0) {
      throw new ModelException(
          "%s: %s%s is packed, which torch.save does not do; save the file again"
              .formatted(file, root, name));
    }
    return entry;
  }

  private Tensor tensor(Cursor cursor, String name, PickleValue.View view) {
    String what = "tensor " + name;
    PickleValue.Storage storage = view.storage();
    MemorySegment content = stored("data/" + storage.key()).content();
    int width = storage.type().blockBytes();
    if (content.byteSize() % width != 0 || content.byteSize() / width != storage.count()) {
      throw cursor.wrong(
          view.at(),
          "%s is in %d numbers of type %s, but data/%s has %d bytes"
              .formatted(what, storage.count(), storage.type(), storage.key(), content.byteSize()));
    }
    long[] sizes = wholes(cursor, view, what, view.sizes());
    long[] strides = wholes(cursor, view, what, view.strides());
    if (sizes.length != strides.length) {
      throw cursor.wrong(
          view.at(),
          "%s has %d dimensions and %d strides".formatted(what, sizes.length, strides.length));
    }
    long count = 1;
    long last = view.from();
    try {
      for (int i = 0; i < sizes.length; i++) {
        count = Math.multiplyExact(count, sizes[i]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, sizes[i] - 1), strides[i]));
      }
    } catch (ArithmeticException e) {
      throw cursor.wrong(
          view.at(),
          "%s claims the impossible shape %s".formatted(what, Arrays.toString(sizes)),
          e);
    }
    if (count == 0) {
      return new Tensor(file, name, storage.type(), sizes, content.asSlice(0, 0));
    }
    if (view.from() < 0 || last >= storage.count()) {
      throw cursor.wrong(
          view.at(),
          "%s of shape %s from number %d on is not inside data/%s, which has %d"
              .formatted(
                  what, Arrays.toString(sizes), view.from(), storage.key(), storage.count()));
    }
    MemorySegment numbers =
        inOrder(sizes, strides)
            ? content.asSlice(view.from() * width, count * width)
            : ordered(cursor, what, view, content, sizes, strides, count);
    return new Tensor(file, name, storage.type(), sizes, numbers);
  }

  private static long[] wholes(
      Cursor cursor, PickleValue.View view, String what, PickleValue.Tuple tuple) {
    if (tuple.items().size() > MOST_DIMENSIONS) {
      throw cursor.wrong(view.at(), "%s has %d dimensions".formatted(what, tuple.items().size()));
    }
    long[] values = new long[tuple.items().size()];
    for (int i = 0; i < values.length; i++) {
      if (!(tuple.items().get(i) instanceof PickleValue.Whole(long value)) || value < 0) {
        throw cursor.wrong(view.at(), what + " has a dimension or stride that is no number");
      }
      values[i] = value;
    }
    return values;
  }

  private static boolean inOrder(long[] sizes, long[] strides) {
    long expected = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      if (sizes[i] != 1 && strides[i] != expected) {
        return false;
      }
      expected *= sizes[i];
    }
    return true;
  }

  private MemorySegment ordered(
      Cursor cursor,
      String what,
      PickleValue.View view,
      MemorySegment content,
      long[] sizes,
      long[] strides,
      long count) {
    int width = view.storage().type().blockBytes();
    if (count > Math.min(room, Integer.MAX_VALUE - 8) / width) {
      throw cursor.wrong(
          view.at(),
          "%s of shape %s does not lie in order, and is too large to put it in order; save it again"
                  .formatted(what, Arrays.toString(sizes))
              + " after contiguous()");
    }
    room -= count * width;
    byte[] copy = new byte[(int) count * width];
    long[] index = new long[sizes.length];
    long from = view.from();
    for (int to = 0; to < copy.length; to += width) {
      MemorySegment.copy(content, ValueLayout.JAVA_BYTE, from * width, copy, to, width);
      for (int i = sizes.length - 1; i >= 0; i--) {
        from += strides[i];
        if (++index[i] < sizes[i]) {
          break;
        }
        from -= sizes[i] * strides[i];
        index[i] = 0;
      }
    }
    return MemorySegment.ofArray(copy);
  }
}
