package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.ModelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes sets of values as rules of an automaton, one rule for each formula. */
final class ValueEmitter {
  private final SchemaEvaluator evaluator;
  private final AutomatonBuilder builder = new AutomatonBuilder();
  private final Fragments fragments = new Fragments(builder);
  private final Map<Formula, Integer> rules = new HashMap<>();
  private final Deque<Formula> waiting = new ArrayDeque<>();
  private final ObjectEmitter objects;
  private final ArrayEmitter arrays;

  ValueEmitter(SchemaEvaluator evaluator) {
    this.evaluator = evaluator;
    this.objects = new ObjectEmitter(this, evaluator, builder, fragments);
    this.arrays = new ArrayEmitter(this, evaluator, builder, fragments);
  }

  /** The automaton of all values that the formula allows. */
  Automaton emit(Formula formula) {
    int root = rule(formula);
    while (!waiting.isEmpty()) {
      Formula next = waiting.removeFirst();
      emitRule(next);
    }
    Automaton automaton = builder.build(root);
    if (automaton == null) {
      throw new ModelException(
          "No value that can be written satisfies the JSON schema, so nothing can be generated");
    }
    return automaton;
  }

  /** The rule for a formula, written later. */
  int rule(Formula formula) {
    Integer known = rules.get(formula);
    if (known == null) {
      known = builder.rule();
      rules.put(formula, known);
      waiting.addLast(formula);
      Budget.limit("combinations of schemas", rules.size(), 20_000);
    }
    return known;
  }

  private void emitRule(Formula formula) {
    ValueSet set = evaluator.evaluate(formula);
    int rule = rule(formula);
    builder.entries(rule, entries(set));
  }

  private int[] entries(ValueSet set) {
    int first = builder.state();
    ByteDfa numbers = evaluator.values().numbers.written(set.numbers());
    if (!numbers.isEmpty()) {
      builder.include(first, fragments.bytes(numbers));
    }
    if (!set.strings().isEmpty()) {
      builder.edge(first, '"', '"', fragments.string(set.strings()));
    }
    literal(first, "null", set.hasNull());
    literal(first, "true", set.hasTrue());
    literal(first, "false", set.hasFalse());
    List<Integer> objectStarts = new ArrayList<>();
    for (ObjectSet object : set.objects()) {
      objectStarts.add(objects.emit(object));
    }
    List<Integer> arrayStarts = new ArrayList<>();
    for (ArraySet array : set.arrays()) {
      arrayStarts.add(arrays.emit(array));
    }
    int count = Math.max(1, Math.max(objectStarts.size(), arrayStarts.size()));
    int[] entries = new int[count];
    for (int i = 0; i < count; i++) {
      entries[i] = i == 0 ? first : builder.state();
      if (i < objectStarts.size()) {
        builder.edge(entries[i], '{', '{', objectStarts.get(i));
      }
      if (i < arrayStarts.size()) {
        builder.edge(entries[i], '[', '[', arrayStarts.get(i));
      }
    }
    return entries;
  }

  private void literal(int from, String text, boolean allowed) {
    if (allowed) {
      int state = from;
      for (int i = 0; i < text.length(); i++) {
        int to = i == text.length() - 1 ? fragments.done() : builder.state();
        builder.edge(state, text.charAt(i), text.charAt(i), to);
        state = to;
      }
    }
  }
}
