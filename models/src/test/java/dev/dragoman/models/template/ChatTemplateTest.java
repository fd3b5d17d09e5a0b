package dev.dragoman.models.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.ModelException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against transformers (constructs recorded by tests/parity/chat_templates.py). */
class ChatTemplateTest {
  private static final ChatInput HELLO =
      ChatInput.of(List.of(ChatMessage.system("Be brief."), ChatMessage.user("hello")));

  static List<JsonNode> constructs() throws Exception {
    return TemplateCases.read(
        Path.of(
            Objects.requireNonNull(ChatTemplateTest.class.getResource("constructs.jsonl.gz"))
                .toURI()));
  }

  @Test
  void everyConstructRendersAsInTransformersOrIsRefusedAsThere() throws Exception {
    List<String> different = new ArrayList<>();
    int refused = 0;
    int worded = 0;
    List<JsonNode> constructs = constructs();
    for (JsonNode construct : constructs) {
      Optional<String> difference = TemplateCases.check(construct);
      boolean raises = !construct.path("error").isNull();
      if (raises && difference.isEmpty()) {
        worded++;
      }
      if (raises && !difference.orElse("").contains("\n")) {
        refused++;
      } else if (difference.isPresent()) {
        different.add(construct.path("template").textValue() + difference.get());
      }
    }
    assertThat(different).isEmpty();
    assertThat(constructs).hasSizeGreaterThan(400);
    assertThat(refused).as("refused where transformers raises").isGreaterThan(200);
    assertThat(worded).as("with the very message of Python").isGreaterThan(175);
  }

  @Test
  void aTemplateIsRenderedManyTimesWithoutBeingRead() {
    ChatTemplate template =
        ChatTemplate.parse(
            "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
                + "{% if add_generation_prompt %}[assistant]{% endif %}");
    String prompt = "[system] Be brief.\n[user] hello\n[assistant]";
    assertThat(template.render(HELLO)).isEqualTo(prompt);
    assertThat(template.render(HELLO)).isEqualTo(prompt);
    assertThat(template.render(HELLO.withGenerationPrompt(false)))
        .isEqualTo("[system] Be brief.\n[user] hello\n");
  }

  @Test
  void whatTheAssistantSaidIsMarked() {
    ChatTemplate template =
        ChatTemplate.parse(
            "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}"
                + "{{ m.content }}!{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}");
    Rendered rendered =
        template.render(
            ChatInput.of(
                List.of(
                    ChatMessage.user("é🙂"),
                    ChatMessage.assistant("yes"),
                    ChatMessage.user("ok"),
                    ChatMessage.assistant("no"))),
            RenderLimits.DEFAULT);
    assertThat(rendered.assistant())
        .extracting(span -> rendered.text().substring(span.start(), span.end()))
        .containsExactly("yes!", "no!");
  }

  @Test
  void aTemplatesOwnRefusalCarriesItsMessage() {
    ChatTemplate template =
        ChatTemplate.parse("{{ raise_exception('only ' ~ messages|length ~ ' turns') }}");
    assertThatThrownBy(() -> template.render(HELLO))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessage("only 2 turns");
  }

  @Test
  void theDateIsTheCallers() {
    ChatTemplate template = ChatTemplate.parse("{{ strftime_now('%d %B %Y') }}");
    assertThat(template.render(HELLO.withNow(LocalDateTime.of(2024, 2, 29, 12, 0))))
        .isEqualTo("29 February 2024");
    assertThatThrownBy(() -> template.render(HELLO))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("clock");
  }

  @Test
  void noToolsAndAnEmptyListOfToolsAreNotTheSame() {
    ChatTemplate template = ChatTemplate.parse("{{ tools is none }}{{ documents is none }}");
    assertThat(template.render(HELLO)).isEqualTo("TrueTrue");
    assertThat(template.render(HELLO.withTools(List.of()).withDocuments(List.of())))
        .isEqualTo("FalseFalse");
  }

  @Test
  void messagesKeepWhateverFieldsTheyHave() {
    JsonNode calls = new ObjectMapper().createArrayNode().add("c");
    ChatMessage message =
        ChatMessage.assistant("x").with("tool_calls", calls).with("reasoning", "because");
    assertThat(
            ChatTemplate.parse(
                    "{{ messages[0].tool_calls[0] }} {{ messages[0].reasoning_content }}")
                .render(ChatInput.of(List.of(message))))
        .isEqualTo("c because");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{% if x %}\\n\\nx#line 3#endif",
        "a\\n{{ x | }}#line 2#name",
        "{{ (1 }}#line 1#expected ')'",
        "\\n\\n{% endfor %}#line 3#endfor",
        "{% include 'x' %}#line 1#include",
        "\\n{{ x|pprint }}#line 2#pprint",
        "{{ x is wonderful }}#line 1#wonderful",
        "{% for x in y %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}#line 1#break",
      })
  void whatIsNoTemplateIsRefusedWithItsLine(String source, String line, String what) {
    assertThatThrownBy(() -> ChatTemplate.parse(source.replace("\\n", "\n")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(line)
        .hasMessageContaining(what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{{ 'x'.__class__.__base__ }}#unsafe",
        "{{ messages.append(1) }}#unsafe",
        "{{ 'x'.encode('utf-8') }}#encode",
        "{{ 'x'.translate({}) }}#translate",
        "{{ messages|map('pprint')|list }}#pprint",
        "{{ messages|select('wonderful')|list }}#wonderful",
        "{{ lipsum.__globals__ }}#lipsum",
        "{{ cycler.__init__ }}#cycler",
        "{{ self._TemplateReference__context }}#self",
        "{{ '{0.__class__.__init__.x}'.format(messages) }}#unsafe",
      })
  void nothingButTheDataIsWithinReach(String source, String what) {
    ChatTemplate template = ChatTemplate.parse(source);
    assertThatThrownBy(() -> template.render(HELLO))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}{{ 'x' * 10000 }}{% endfor %}",
        "{{ 'x' * 2000000000 }}",
        "{{ [0] * 2000000000 }}",
        "{{ 'x' * (10 ** 300) }}",
        "{{ 10 ** 9999999 }}",
        "{{ range(100001) }}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
        "{% set ns = namespace(l=[]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
        "{% set ns = namespace(l=[], k=[]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.k = [ns.k, ns.k] %}{% endfor %}{{ ns.l == ns.k }}",
        "{% set ns = namespace(t=()) %}{% for i in range(99) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ {ns.t: 1} }}",
        "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = ns.l|map('upper') %}{% endfor %}{{ ns.l|list }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(a) %}{% call m(1) %}{{ caller() }}{% endcall %}{% endmacro %}{{ m(1) }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ 'x'.center(2000000000) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%.999999999f' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ 'x'|indent(2000000000, true) }}",
        "{{ [1]|tojson(indent=2000000000) }}",
        "{{ ('x' * 100000).replace('x', 'y' * 100000) }}",
        "{{ ('x' * 100000).replace('', 'y' * 100000) }}",
        "{{ ('y' * 100000).join('x' * 100000) }}",
        "{{ [1]|batch(2000000000, 'x')|list }}",
        "{{ range(9)|slice(2000000000)|list }}",
        "{% for i in range(9999) %}{{ ('a' * 30000 ~ 'b') in ('a' * 60000) }}{% endfor %}",
        "{% for i in range(99999) %}{{ ('a' * 30 ~ 'b') in ('a' * 60000) }}{% endfor %}",
        "{% for i in range(99999) %}{{ range(99999)|sum }}{% endfor %}",
        "{% for i in range(99999) %}{{ range(99999)|list|sort }}{% endfor %}",
        "{% set x = '((((a))))' * 1000 %}{% for i in range(99999) %}{{ x|wordcount }}{% endfor %}",
      })
  void hostileTemplatesAreStoppedByALimit(String source) {
    ChatTemplate template = ChatTemplate.parse(source);
    assertThatThrownBy(() -> template.render(HELLO))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching("(?s).*(limit|more than|Range too big|nested deeper).*");
  }

  @Test
  void sourcesThatNestTooDeepAreRefused() {
    for (String source :
        List.of(
            "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
            "{{ " + "[".repeat(100_000),
            "{{ " + "not ".repeat(100_000) + "1 }}",
            "{{ " + "-".repeat(100_000) + "1 }}",
            "{{ 1" + " + 1".repeat(100_000) + " }}",
            "{{ 1" + "|string".repeat(100_000) + " }}",
            "{{ a" + ".b".repeat(100_000) + " }}",
            "{{ 1" + " if 1 else 1".repeat(100_000) + " }}",
            "{% if 1 %}".repeat(100_000),
            "{% macro m(x=" + "a.b".repeat(1) + ".c".repeat(100_000) + ") %}{% endmacro %}")) {
      assertThatThrownBy(() -> ChatTemplate.parse(source)).isInstanceOf(ModelException.class);
    }
  }

  @Test
  void theCallerSetsTheLimits() {
    ChatTemplate template = ChatTemplate.parse("{% for i in range(100) %}{{ i }},{% endfor %}");
    assertThat(template.render(HELLO)).hasSize(290);
    assertThatThrownBy(() -> template.render(HELLO, new RenderLimits(50, 1_000, 100)))
        .hasMessageContaining("more than 50 steps");
    assertThatThrownBy(() -> template.render(HELLO, new RenderLimits(5_000, 100, 100)))
        .hasMessageContaining("more than 100 characters");
  }
}
