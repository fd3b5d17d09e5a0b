package dev.dragoman.models.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Templates that were cut up at random are rendered or refused, and nothing else happens. */
class TemplateFuzzTest {
  private static final RenderLimits SMALL = new RenderLimits(20_000, 100_000, 300);
  private static final int MUTANTS = 10_000;
  private static final String[] PIECES = {
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "\\",
    "|",
    ".",
    ",",
    ":",
    "=",
    "~",
    "+",
    "-",
    "*",
    "**",
    "//",
    "%",
    "<",
    " in ",
    " is ",
    " not ",
    " if ",
    " else ",
    "loop",
    "caller()",
    "messages",
    "none",
    "9999999999",
    "1e308",
    "-1",
    "\n",
    "🙂",
    "\ud83d",
    "\0",
    "{% raw %}",
    "{% endraw %}",
    "{% for x in messages %}",
    "{% endfor %}",
    "{% macro m(a) %}",
    "{% endmacro %}",
    "{% break %}",
    "{{ m(m) }}",
    "recursive",
    "|tojson",
    "|map('m')",
    "namespace(",
  };

  @Test
  void mutatedTemplatesAreRenderedOrRefused() throws Exception {
    List<JsonNode> constructs = ChatTemplateTest.constructs();
    ChatInput input = TemplateCases.input(constructs.getFirst().path("ctx"));
    List<String> sources = new ArrayList<>();
    constructs.forEach(construct -> sources.add(construct.path("template").textValue()));
    Random random = new Random(20_260_102);
    int rendered = 0;
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      String source = mutate(sources, random);
      try {
        ChatTemplate.parse(source).render(input, SMALL);
        rendered++;
      } catch (ModelException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutant " + i + ": " + source, e);
      }
    }
    assertThat(rendered).isGreaterThan(MUTANTS / 20);
    assertThat(refused).isGreaterThan(MUTANTS / 3);
  }

  private static String mutate(List<String> sources, Random random) {
    StringBuilder source = new StringBuilder(pick(sources, random));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(source.length() + 1);
      int to = Math.min(source.length(), at + 1 + random.nextInt(8));
      switch (random.nextInt(5)) {
        case 0 -> source.delete(at, to);
        case 1 -> source.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 2 -> source.replace(at, to, PIECES[random.nextInt(PIECES.length)]);
        case 3 -> {
          String other = pick(sources, random);
          int from = random.nextInt(other.length());
          source.insert(at, other, from, from + random.nextInt(other.length() - from) + 1);
        }
        default -> source.insert(at, source.substring(at, to));
      }
    }
    return source.toString();
  }

  private static String pick(List<String> sources, Random random) {
    return sources.get(random.nextInt(sources.size()));
  }
}
