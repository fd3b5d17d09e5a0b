package dev.dragoman.models.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GeneratedJsonTest {
  private static final int WALKS = 60;

  static Stream<JsonNode> schemas() throws IOException {
    try (InputStream in = GeneratedJsonTest.class.getResourceAsStream("schemas.json")) {
      JsonNode list = Oracle.MAPPER.readTree(Objects.requireNonNull(in));
      return StreamSupport.stream(list.spliterator(), false);
    }
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void whateverIsDrawnUnderTheMasksIsValid(JsonNode schema) {
    Constraint constraint = Constraint.jsonSchema(schema);
    Oracle oracle = new Oracle(schema);
    Random random = new Random(7);
    Set<String> distinct = new HashSet<>();
    for (int i = 0; i < WALKS; i++) {
      byte[] text = Walks.generate(constraint, random);
      oracle.assertValid(text);
      assertThat(constraint.matches(text)).isTrue();
      distinct.add(new String(text, StandardCharsets.UTF_8));
    }
    assertThat(distinct).hasSizeGreaterThan(1);
  }

  @Test
  void randomSchemasAreRefusedOrHonoured() {
    RandomSchemas schemas = new RandomSchemas(20260301);
    Random random = new Random(11);
    int compiled = 0;
    for (int i = 0; i < 600; i++) {
      JsonNode schema = schemas.next();
      Constraint constraint;
      try {
        constraint = Constraint.jsonSchema(schema);
      } catch (ModelException e) {
        continue;
      }
      compiled++;
      Oracle oracle = new Oracle(schema);
      for (int walk = 0; walk < 8; walk++) {
        oracle.assertValid(Walks.generate(constraint, random));
      }
    }
    assertThat(compiled).isGreaterThan(300);
  }

  @Test
  void whatIsInvalidIsNotLetThrough() throws IOException {
    RandomSchemas schemas = new RandomSchemas(5);
    Random random = new Random(5);
    Constraint any = Constraint.json();
    int rejected = 0;
    for (int i = 0; i < 300; i++) {
      JsonNode schema = schemas.next();
      Constraint constraint;
      try {
        constraint = Constraint.jsonSchema(schema);
      } catch (ModelException e) {
        continue;
      }
      Oracle oracle = new Oracle(schema);
      for (int walk = 0; walk < 20; walk++) {
        byte[] text =
            walk % 2 == 0
                ? Walks.generate(any, random)
                : schemas.value().toString().getBytes(StandardCharsets.UTF_8);
        List<String> objections = oracle.objections(Oracle.MAPPER.readTree(text));
        if (!objections.isEmpty()) {
          rejected++;
          assertThat(constraint.matches(text))
              .as("%s: %s; %s", new String(text, StandardCharsets.UTF_8), objections, schema)
              .isFalse();
        }
      }
    }
    assertThat(rejected).isGreaterThan(1000);
  }
}
