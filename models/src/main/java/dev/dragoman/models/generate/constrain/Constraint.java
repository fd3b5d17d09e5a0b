package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.dragoman.models.ModelException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a generated text must be: valid against a JSON schema, any JSON, or matched by a regular
 * expression. Whatever is generated under it is valid; not everything valid can be generated. Keep
 * one for each schema, since it remembers its masks. Safe for use by many threads.
 *
 * <pre>{@code
 * Constraint constraint = Constraint.jsonSchema(schema);
 * ConstraintCursor cursor = constraint.start(vocabulary);
 * long[] allowed = new long[vocabulary.maskLength()];
 * while (!cursor.ended()) {
 *   cursor.mask(allowed);
 *   cursor.accept(best(logits, allowed));
 * }
 * }</pre>
 */
public final class Constraint {
  private final Automaton automaton;
  private final Map<Vocabulary, MaskTable> tables = new HashMap<>();

  private Constraint(Automaton automaton) {
    this.automaton = automaton;
  }

  /** Any JSON value, with no name twice in an object. */
  public static Constraint json() {
    return jsonSchema(BooleanNode.TRUE);
  }

  /**
   * JSON that is valid against a schema of draft 2020-12, 2019-09, 7 or 6. Properties come in the
   * order of the schema, those it does not name last; one space may stand after a comma or colon.
   *
   * @throws ModelException if a keyword cannot be honoured, naming it and its place; if nothing is
   *     valid; if the schema is too large
   */
  public static Constraint jsonSchema(JsonNode schema) {
    Budget budget = new Budget();
    SchemaDocument document = new SchemaDocument(schema);
    SchemaEvaluator evaluator = new SchemaEvaluator(document, new ValueAlgebra(budget));
    return new Constraint(new ValueEmitter(evaluator).emit(Formula.of(document.root())));
  }

  /**
   * Text that a regular expression in the syntax of {@link java.util.regex.Pattern} matches as a
   * whole.
   *
   * @throws ModelException if it has something that is not supported, naming it; if it matches
   *     nothing; if it is too large
   */
  public static Constraint regex(String regex) {
    Budget budget = new Budget();
    ByteDfa dfa = RegexCompiler.whole(RegexParser.parse(regex, RegexParser.Dialect.JAVA), budget);
    AutomatonBuilder builder = new AutomatonBuilder();
    int rule = builder.rule();
    builder.entries(rule, new int[] {new Fragments(builder).bytes(dfa)});
    Automaton built = builder.build(rule);
    if (built == null) {
      throw new ModelException("No text matches the regular expression " + regex);
    }
    return new Constraint(built);
  }

  /**
   * Starts a generation.
   *
   * @throws ModelException if the tokens of the vocabulary cannot make up any valid text
   */
  public ConstraintCursor start(Vocabulary vocabulary) {
    return new ConstraintCursor(table(vocabulary));
  }

  MaskTable table(Vocabulary vocabulary) {
    synchronized (tables) {
      return tables.computeIfAbsent(vocabulary, v -> new MaskTable(automaton, v));
    }
  }

  /** Whether the text could have been generated. */
  public boolean matches(String text) {
    return matches(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the text, in UTF-8, could have been generated. */
  public boolean matches(byte[] text) {
    UsedWords words = new UsedWords();
    Stacks stacks = new Stacks(automaton, words);
    for (int entry : automaton.entries(automaton.root())) {
      stacks.addTop(stacks.frame(entry, Stacks.BOTTOM, UsedWords.NONE));
    }
    int from = 0;
    int to = stacks.size();
    for (byte b : text) {
      words.append(b);
      stacks.step(from, to, b & 0xFF, false);
      from = to;
      to = stacks.size();
    }
    for (int i = from; i < to; i++) {
      if (stacks.mayEnd(stacks.top(i))) {
        return true;
      }
    }
    return false;
  }

  /** How many states the automaton has. */
  int states() {
    return automaton.size();
  }
}
