package dev.dragoman.models.template;

import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an expression can be: the types of Python that templates meet, all of them unchangeable. */
sealed interface Value {
  /** The name of the type in Python, for messages. */
  String type();

  /** Whether it counts as true. */
  default boolean truth() {
    return true;
  }

  /** Numbers, among which Python counts true and false. */
  sealed interface Num extends Value {}

  /** Whole numbers, true and false again among them. */
  sealed interface Whole extends Num {
    BigInteger big();
  }

  /** Lists and tuples. */
  sealed interface Sequence extends Value {
    List<Value> items();

    @Override
    default boolean truth() {
      return !items().isEmpty();
    }
  }

  /** What can be called. */
  sealed interface Callable extends Value {}

  /** What is not there. It can be printed, tested and looped over; anything else is an error. */
  record Undefined(@Nullable String hint, @Nullable Value owner, Value name, boolean unsafe)
      implements Value {
    /** The place of a variable that nothing was put in yet. */
    static final Undefined MISSING = new Undefined(null, null, None.NONE, false);

    static Undefined variable(String name) {
      return new Undefined(null, null, new Str(name), false);
    }

    static Undefined hint(String hint) {
      return new Undefined(hint, null, None.NONE, false);
    }

    static Undefined member(Value owner, Value name) {
      return new Undefined(null, owner, name, false);
    }

    @Override
    public String type() {
      return "Undefined";
    }

    @Override
    public boolean truth() {
      return false;
    }

    TemplateFailure failure() {
      TemplateFailure.Kind kind =
          unsafe ? TemplateFailure.Kind.SECURITY : TemplateFailure.Kind.UNDEFINED;
      return new TemplateFailure(kind, message());
    }

    private String message() {
      if (hint != null) {
        return hint;
      }
      if (owner == null) {
        return "'%s' is undefined".formatted(name instanceof Str s ? s.text() : "");
      }
      String described = owner instanceof None ? "None" : owner.type() + " object";
      return name instanceof Str s
          ? "'%s' has no attribute %s".formatted(described, Repr.quote(s.text()))
          : "%s has no element %s".formatted(described, Repr.brief(name));
    }
  }

  /** Nothing. */
  enum None implements Value {
    NONE;

    @Override
    public String type() {
      return "NoneType";
    }

    @Override
    public boolean truth() {
      return false;
    }
  }

  /** True or false. */
  enum Bool implements Whole {
    FALSE,
    TRUE;

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public String type() {
      return "bool";
    }

    @Override
    public boolean truth() {
      return this == TRUE;
    }

    @Override
    public BigInteger big() {
      return this == TRUE ? BigInteger.ONE : BigInteger.ZERO;
    }
  }

  /** A whole number of 64 bits. */
  record Int(long value) implements Whole {
    @Override
    public String type() {
      return "int";
    }

    @Override
    public boolean truth() {
      return value != 0;
    }

    @Override
    public BigInteger big() {
      return BigInteger.valueOf(value);
    }
  }

  /** A whole number that does not fit in 64 bits. */
  record Big(BigInteger big) implements Whole {
    @Override
    public String type() {
      return "int";
    }
  }

  /** A floating-point number. */
  record Real(double value) implements Num {
    @Override
    public String type() {
      return "float";
    }

    @Override
    public boolean truth() {
      return value != 0;
    }
  }

  /**
   * Text.
   *
   * @param markup whether it is marked as safe HTML, which escapes whatever is added to it
   */
  record Str(String text, boolean markup) implements Value {
    static final Str EMPTY = new Str("");

    Str(String text) {
      this(text, false);
    }

    @Override
    public String type() {
      return markup ? "Markup" : "str";
    }

    @Override
    public boolean truth() {
      return !text.isEmpty();
    }
  }

  /** A list. */
  record Lst(List<Value> items) implements Sequence {
    @Override
    public String type() {
      return "list";
    }
  }

  /** A tuple. */
  record Tuple(List<Value> items) implements Sequence {
    static Tuple of(Value... items) {
      return new Tuple(List.of(items));
    }

    @Override
    public String type() {
      return "tuple";
    }
  }

  /** A dictionary, in the order of insertion; its keys are found by {@link Keys#of}. */
  record Dict(LinkedHashMap<Object, Entry> entries) implements Value {
    /** A key as it was given, and its value. */
    record Entry(Value key, Value value) {
      Tuple pair() {
        return Tuple.of(key, value);
      }
    }

    @Override
    public String type() {
      return "dict";
    }

    @Override
    public boolean truth() {
      return !entries.isEmpty();
    }

    /** The value under a key that is text. */
    @Nullable Value get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    /** Puts a value under a key that is text, while the dictionary is being made. */
    void put(String key, Value value) {
      entries.put(key, new Entry(new Str(key), value));
    }

    Collection<Entry> all() {
      return entries.values();
    }
  }

  /** The keys, values or items of a dictionary. */
  record View(Part part, Dict dict) implements Value {
    enum Part {
      KEYS,
      VALUES,
      ITEMS
    }

    @Override
    public String type() {
      return switch (part) {
        case KEYS -> "dict_keys";
        case VALUES -> "dict_values";
        case ITEMS -> "dict_items";
      };
    }

    @Override
    public boolean truth() {
      return dict.truth();
    }
  }

  /** The numbers from start to stop in steps. */
  record Range(long start, long stop, long step, int length) implements Value {
    @Override
    public String type() {
      return "range";
    }

    @Override
    public boolean truth() {
      return length > 0;
    }

    Int get(long index) {
      return new Int(start + index * step);
    }
  }

  /** Something that can be looped over once. */
  record Stream(String type, Cursor cursor) implements Value {}

  /** What {@code namespace()} makes: the one thing that can change. */
  record Namespace(Map<String, Value> fields) implements Value {
    @Override
    public String type() {
      return "TemplateNamespace";
    }
  }

  /** The loop variable. */
  record LoopVariable(Loop loop) implements Value {
    @Override
    public String type() {
      return "LoopContext";
    }

    @Override
    public boolean truth() {
      return loop.length() > 0;
    }
  }

  /** A macro, or the caller of one, with the variables around it. */
  record Macro(Stmt.Function code, Frame around) implements Callable {
    @Override
    public String type() {
      return "Macro";
    }
  }

  /** A method with what it is called on. */
  record Method(Value self, String name) implements Callable {
    @Override
    public String type() {
      return "builtin_function_or_method";
    }
  }

  /** A function that every template has. */
  enum Builtin implements Callable {
    RANGE,
    DICT,
    NAMESPACE,
    RAISE_EXCEPTION,
    STRFTIME_NOW;

    static final Map<String, Builtin> BY_NAME =
        Map.of(
            "range", RANGE,
            "dict", DICT,
            "namespace", NAMESPACE,
            "raise_exception", RAISE_EXCEPTION,
            "strftime_now", STRFTIME_NOW);

    @Override
    public String type() {
      return "function";
    }
  }
}
