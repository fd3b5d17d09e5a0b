package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the pickle (<a
 * href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">opcodes</a>) of a state
 * dict of PyTorch, protocols 2 to 5. A pickle is a program that can call any function of Python.
 * This one knows the few instructions and names that {@code torch.save} writes for tensors, and
 * makes values of them; anything else is refused, and nothing is ever run.
 */
final class StatePickle {
  private static final int OLDEST = 2;
  private static final int NEWEST = 5;
  private static final int MOST_NAME = 120;
  private static final int FEWEST_TENSOR_ARGUMENTS = 6;
  private static final int PARAMETER_ARGUMENTS = 3;
  private static final int STORAGE_PARTS = 5;

  private final Cursor cursor;
  private final List<PickleValue> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, PickleValue> memo = new HashMap<>();
  private long at;

  private StatePickle(Cursor cursor) {
    this.cursor = cursor;
  }

  /** The value that is pickled from here on; afterwards the cursor is behind it. */
  static PickleValue read(Cursor cursor) {
    return new StatePickle(cursor).run();
  }

  private PickleValue run() {
    while (true) {
      at = cursor.at();
      int code = cursor.u8("instruction");
      if (code == '.') {
        PickleValue value = pop();
        if (!stack.isEmpty() || !marks.isEmpty()) {
          throw wrong("the pickle ends too early");
        }
        return value;
      }
      step(code);
    }
  }

  private void step(int code) {
    switch (code) {
      case 0x80 -> protocol();
      case 0x95 -> cursor.count(1, "frame");
      case '(' -> marks.add(stack.size());
      case 'N', 0x88, 0x89 -> push(PickleValue.Plain.VALUE);
      case 'G' -> {
        cursor.skip(Double.BYTES, "number");
        push(PickleValue.Plain.VALUE);
      }
      case 'J' -> push(new PickleValue.Whole(cursor.i32("number")));
      case 'K' -> push(new PickleValue.Whole(cursor.u8("number")));
      case 'M' -> push(new PickleValue.Whole(cursor.u16("number")));
      case 0x8a -> push(new PickleValue.Whole(whole(cursor.u8("number"))));
      case 'X' -> text(cursor.u32("text"));
      case 0x8c -> text(cursor.u8("text"));
      case 0x8d -> text(cursor.i64("text"));
      case ')' -> push(new PickleValue.Tuple(List.of()));
      case 0x85 -> push(tuple(stack.size() - 1));
      case 0x86 -> push(tuple(stack.size() - 2));
      case 0x87 -> push(tuple(stack.size() - 3));
      case 't' -> push(tuple(mark()));
      case '}' -> push(new PickleValue.Dictionary(false));
      case 's' -> items(stack.size() - 2);
      case 'u' -> items(mark());
      case 'c' -> push(global(line(), line()));
      case 0x93 -> {
        String name = text("name");
        push(global(text("module"), name));
      }
      case 'R' -> call();
      case 'b' -> attributes();
      case 'Q' -> push(storage());
      case 'q' -> memo.put((long) cursor.u8("memo"), top());
      case 'r' -> memo.put(cursor.u32("memo"), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> push(remembered(cursor.u8("memo")));
      case 'j' -> push(remembered(cursor.u32("memo")));
      default -> throw unknown(code);
    }
  }

  private void protocol() {
    int protocol = cursor.u8("protocol");
    if (protocol < OLDEST || protocol > NEWEST) {
      throw wrong("pickle protocol %d; read are %d to %d".formatted(protocol, OLDEST, NEWEST));
    }
  }

  private ModelException unknown(int code) {
    String name =
        switch (code) {
          case 'i' -> "INST";
          case 'o' -> "OBJ";
          case 'P' -> "PERSID";
          case 0x81 -> "NEWOBJ";
          case 0x92 -> "NEWOBJ_EX";
          case 0x82, 0x83, 0x84 -> "EXT";
          default -> "0x%02x".formatted(code);
        };
    return wrong(
        "the instruction %s is not in the pickle of a state dict; it could run code, so the file is"
                .formatted(name)
            + " not opened. If you trust it, save the model again as safetensors");
  }

  private long whole(int size) {
    if (size > Long.BYTES) {
      throw wrong("a number of %d bytes".formatted(size));
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (long) cursor.u8("number") << i * Byte.SIZE;
    }
    int unused = Long.SIZE - size * Byte.SIZE;
    return size == 0 ? 0 : value << unused >> unused;
  }

  private void text(long size) {
    push(new PickleValue.Text(cursor.text(size, "text")));
  }

  /** An ASCII text that a line feed ends. */
  private String line() {
    StringBuilder text = new StringBuilder();
    for (int letter = cursor.u8("name"); letter != '\n'; letter = cursor.u8("name")) {
      if (text.length() == MOST_NAME) {
        throw wrong("a name of more than %d letters".formatted(MOST_NAME));
      }
      text.append((char) letter);
    }
    return text.toString();
  }

  private String text(String what) {
    if (pop() instanceof PickleValue.Text(String value) && value.length() <= MOST_NAME) {
      return value;
    }
    throw wrong("a %s that is no text, or a long one".formatted(what));
  }

  private PickleValue global(String module, String name) {
    String whole = module + "." + name;
    return switch (whole) {
      case "collections.OrderedDict" -> PickleValue.Function.DICTIONARY;
      case "torch._utils._rebuild_tensor_v2" -> PickleValue.Function.TENSOR;
      case "torch._utils._rebuild_parameter" -> PickleValue.Function.PARAMETER;
      default ->
          type(whole)
              .orElseThrow(() ->
                  wrong(
                      "%s is not in the pickle of a state dict; to open the file would run code. If"
                              .formatted(whole)
                          + " you trust it, save the model again as safetensors"));
    };
  }

  private Optional<PickleValue> type(String name) {
    return switch (name) {
      case "torch.FloatStorage" -> kind(DType.F32);
      case "torch.DoubleStorage" -> kind(DType.F64);
      case "torch.HalfStorage" -> kind(DType.F16);
      case "torch.BFloat16Storage" -> kind(DType.BF16);
      case "torch.LongStorage" -> kind(DType.I64);
      case "torch.IntStorage" -> kind(DType.I32);
      case "torch.ShortStorage" -> kind(DType.I16);
      case "torch.CharStorage" -> kind(DType.I8);
      case "torch.ByteStorage", "torch.storage.UntypedStorage" -> kind(DType.U8);
      case "torch.BoolStorage" -> kind(DType.BOOL);
      case "torch.float64",
          "torch.float32",
          "torch.float16",
          "torch.bfloat16",
          "torch.int64",
          "torch.int32",
          "torch.int16",
          "torch.int8",
          "torch.uint8",
          "torch.bool" ->
          Optional.of(PickleValue.Plain.VALUE);
      default -> Optional.empty();
    };
  }

  private static Optional<PickleValue> kind(DType type) {
    return Optional.of(new PickleValue.Kind(type));
  }

  private PickleValue storage() {
    if (pop() instanceof PickleValue.Tuple(List<PickleValue> parts)
        && parts.size() == STORAGE_PARTS
        && parts.get(0) instanceof PickleValue.Text(String what)
        && what.equals("storage")
        && parts.get(1) instanceof PickleValue.Kind(DType type)
        && parts.get(2) instanceof PickleValue.Text(String key)
        && parts.get(4) instanceof PickleValue.Whole(long count)
        && count >= 0) {
      return new PickleValue.Storage(type, key, count);
    }
    throw wrong("what should be a storage is none");
  }

  private void call() {
    if (!(pop() instanceof PickleValue.Tuple(List<PickleValue> arguments))
        || !(pop() instanceof PickleValue.Function function)) {
      throw wrong("something is called that is no function");
    }
    push(
        switch (function) {
          case DICTIONARY -> {
            if (!arguments.isEmpty()) {
              throw wrong("an OrderedDict is made of something");
            }
            yield new PickleValue.Dictionary(true);
          }
          case TENSOR -> tensor(arguments);
          case PARAMETER -> {
            if (arguments.size() == PARAMETER_ARGUMENTS
                && arguments.getFirst() instanceof PickleValue.View view) {
              yield view;
            }
            throw wrong("a parameter that is no tensor");
          }
        });
  }

  private PickleValue.View tensor(List<PickleValue> arguments) {
    if (arguments.size() > FEWEST_TENSOR_ARGUMENTS
        && arguments.get(FEWEST_TENSOR_ARGUMENTS) != PickleValue.Plain.VALUE) {
      throw wrong("a tensor that is to be conjugated or negated; save it after that");
    }
    if (arguments.size() >= FEWEST_TENSOR_ARGUMENTS
        && arguments.get(0) instanceof PickleValue.Storage storage
        && arguments.get(1) instanceof PickleValue.Whole(long from)
        && arguments.get(2) instanceof PickleValue.Tuple sizes
        && arguments.get(3) instanceof PickleValue.Tuple strides) {
      return new PickleValue.View(at, storage, from, sizes, strides);
    }
    throw wrong("a tensor of something else than a storage, its sizes and strides");
  }

  /** The attributes of a state dict are its history, which nothing here needs. */
  private void attributes() {
    if (!(pop() instanceof PickleValue.Dictionary)
        || !(top() instanceof PickleValue.Dictionary dictionary)
        || !dictionary.ordered()) {
      throw wrong("attributes of something that has none");
    }
  }

  private void items(int from) {
    if (from <= floor()
        || (stack.size() - from) % 2 != 0
        || !(stack.get(from - 1) instanceof PickleValue.Dictionary dictionary)) {
      throw wrong("keys and values that belong to no dictionary");
    }
    for (int i = from; i < stack.size(); i += 2) {
      if (!(stack.get(i) instanceof PickleValue.Text(String key))) {
        throw wrong("a key that is no text");
      }
      if (!dictionary.put(key, stack.get(i + 1))) {
        throw wrong("the key %s is there twice".formatted(key));
      }
    }
    stack.subList(from, stack.size()).clear();
  }

  private PickleValue.Tuple tuple(int from) {
    if (from < floor()) {
      throw wrong("a tuple of more values than there are");
    }
    List<PickleValue> items = stack.subList(from, stack.size());
    PickleValue.Tuple tuple = new PickleValue.Tuple(List.copyOf(items));
    items.clear();
    return tuple;
  }

  private int mark() {
    if (marks.isEmpty()) {
      throw wrong("the end of a list that has no start");
    }
    return marks.removeLast();
  }

  /** What is below the last mark may not be taken away. */
  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }

  private void push(PickleValue value) {
    stack.add(value);
  }

  private PickleValue pop() {
    PickleValue value = top();
    stack.removeLast();
    return value;
  }

  private PickleValue top() {
    if (stack.size() <= floor()) {
      throw wrong("a value is missing");
    }
    return stack.getLast();
  }

  private PickleValue remembered(long index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw wrong("value %d was never put aside".formatted(index));
    }
    return value;
  }

  private ModelException wrong(String what) {
    return cursor.wrong(at, what);
  }
}
