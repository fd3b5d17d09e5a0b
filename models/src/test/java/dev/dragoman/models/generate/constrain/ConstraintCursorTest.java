package dev.dragoman.models.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ConstraintCursorTest {
  private static final String PERSON =
      """
      {"type":"object","properties":{"name":{"type":"string","maxLength":30},
       "tags":{"type":"array","items":{"enum":["red","green"]}}},
       "required":["name","tags"],"additionalProperties":false}
      """;

  private static Constraint schema(String json) throws IOException {
    return Constraint.jsonSchema(Oracle.MAPPER.readTree(json));
  }

  private static int token(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int id = 1; id < Walks.VOCABULARY.size(); id++) {
      if (Arrays.equals(bytes, Walks.VOCABULARY.bytes(id))) {
        return id;
      }
    }
    throw new AssertionError("no token " + text);
  }

  private static void accept(ConstraintCursor cursor, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      cursor.accept(1 + (b & 0xFF));
    }
  }

  @Test
  void masksAreExactlyTheTokensThatCanBeAccepted() throws IOException {
    JsonNode schemas =
        Oracle.MAPPER.readTree(
            Objects.requireNonNull(getClass().getResourceAsStream("schemas.json")));
    Random random = new Random(1);
    long[] mask = new long[Walks.VOCABULARY.maskLength()];
    int narrower = 0;
    int looked = 0;
    for (JsonNode json : schemas) {
      Constraint constraint = Constraint.jsonSchema(json);
      ConstraintCursor cursor = constraint.start(Walks.VOCABULARY);
      for (int step = 0; step < 40 && !cursor.ended(); step++) {
        cursor.mask(mask);
        int chosen = -1;
        int seen = 0;
        for (int id = 1; id < Walks.VOCABULARY.size(); id++) {
          boolean accepted = cursor.copy().accepts(Walks.VOCABULARY.bytes(id));
          boolean allowed = Walks.allows(mask, id);
          assertThat(allowed && !accepted).as("%s %d", json, id).isFalse();
          narrower += accepted && !allowed ? 1 : 0;
          looked++;
          if (allowed && random.nextInt(++seen) == 0) {
            chosen = id;
          }
        }
        assertThat(Walks.allows(mask, Walks.END)).isEqualTo(cursor.mayEnd());
        cursor.accept(chosen < 0 ? Walks.END : chosen);
      }
    }
    assertThat(narrower).as("tokens that run into a word").isLessThan(looked / 100);
  }

  @Test
  void forcedTextRunsToTheNextChoice() throws IOException {
    ConstraintCursor cursor = schema(PERSON).start(Walks.VOCABULARY);
    assertThat(new String(cursor.forcedText(), StandardCharsets.UTF_8)).isEqualTo("{\"name\":");
    accept(cursor, "{\"name\":\"x\",\"tags\":[\"r");
    assertThat(new String(cursor.forcedText(), StandardCharsets.UTF_8)).isEqualTo("ed\"");
    accept(cursor, "ed\"]");
    assertThat(cursor.forcedToken()).isEqualTo(token("}"));
    accept(cursor, "}");
    assertThat(cursor.mayEnd()).isTrue();
    assertThat(cursor.forcedToken()).isEqualTo(Walks.END);
    assertThat(cursor.forcedText()).isEmpty();
    cursor.accept(Walks.END);
    assertThat(cursor.ended()).isTrue();
  }

  @Test
  void whatMayNotComeLeavesTheCursorWhereItWas() throws IOException {
    ConstraintCursor cursor = schema(PERSON).start(Walks.VOCABULARY);
    accept(cursor, "{\"name\":\"");
    assertThatThrownBy(() -> cursor.accept(Walks.END)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> cursor.accept(token("\"}]")))
        .isInstanceOf(IllegalArgumentException.class);
    accept(cursor, "x\",\"tags\":[]}");
    assertThat(cursor.mayEnd()).isTrue();
  }

  @Test
  void copiesGoTheirOwnWay() {
    ConstraintCursor cursor = Constraint.json().start(Walks.VOCABULARY);
    accept(cursor, "{\"a\":1,\"");
    ConstraintCursor copy = cursor.copy();
    accept(copy, "b\":2,\"");
    assertThatThrownBy(() -> accept(copy.copy(), "b\""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> accept(copy.copy(), "a\""))
        .isInstanceOf(IllegalArgumentException.class);
    accept(cursor, "b\":2}");
    assertThat(cursor.mayEnd()).isTrue();
  }

  @Test
  void noNameComesTwiceInOneObject() {
    ConstraintCursor cursor = Constraint.json().start(Walks.VOCABULARY);
    long[] mask = new long[Walks.VOCABULARY.maskLength()];
    accept(cursor, "{\"name\":{\"name\":1},\"ab\":2,\"");
    cursor.mask(mask);
    assertThat(Walks.allows(mask, token("name"))).isTrue();
    accept(cursor, "a");
    cursor.mask(mask);
    assertThat(Walks.allows(mask, token("a\""))).isTrue();
    assertThat(Walks.allows(mask, token("b\":"))).isFalse();
    assertThat(Walks.allows(mask, token("ba"))).isTrue();
    accept(cursor, "b");
    cursor.mask(mask);
    assertThat(Walks.allows(mask, token("\""))).isFalse();
    assertThat(Walks.allows(mask, token("\":"))).isFalse();
  }

  @Test
  void stepsWithKnownMasksAllocateNothing() throws IOException {
    Constraint constraint = schema(PERSON);
    int[] tokens =
        "{\"name\":\"Anna\",\"tags\":[\"red\",\"green\"]".chars().map(c -> 1 + c).toArray();
    ConstraintCursor[] cursors = new ConstraintCursor[50];
    for (int i = 0; i < cursors.length; i++) {
      cursors[i] = constraint.start(Walks.VOCABULARY);
    }
    long[] mask = new long[Walks.VOCABULARY.maskLength()];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = 0;
    for (ConstraintCursor cursor : cursors) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int token : tokens) {
        cursor.mask(mask);
        cursor.accept(token);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated).isZero();
  }

  @Test
  void aVocabularyWithoutSomeBytesIsWorkedAround() {
    byte[][] tokens = new byte[130][];
    for (int b = 0; b < 128; b++) {
      tokens[b] = new byte[] {(byte) b};
    }
    tokens[128] = "é".getBytes(StandardCharsets.UTF_8);
    Vocabulary ascii = Vocabulary.of(tokens, 129);
    ConstraintCursor cursor = Constraint.regex("[éa]x").start(ascii);
    long[] mask = new long[ascii.maskLength()];
    cursor.mask(mask);
    assertThat(Walks.allows(mask, 'a')).isTrue();
    assertThat(Walks.allows(mask, 128)).isTrue();
    cursor.accept(128);
    cursor.accept('x');
    assertThat(cursor.mayEnd()).isTrue();
    assertThatThrownBy(() -> Constraint.regex("日+").start(ascii))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("0xE6");
  }

  @Test
  void masksAreSharedByStatesThatNoTokenTellsApart() throws IOException {
    Constraint constraint = schema("{\"type\":\"string\",\"maxLength\":3000}");
    ConstraintCursor cursor = constraint.start(Walks.VOCABULARY);
    long[] mask = new long[Walks.VOCABULARY.maskLength()];
    accept(cursor, "\"");
    for (int i = 0; i < 2900; i++) {
      cursor.mask(mask);
      accept(cursor, "x");
    }
    assertThat(constraint.table(Walks.VOCABULARY).computed()).isLessThan(5);
  }
}
