package dev.dragoman.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.dragoman.models.Nearest;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorsTest {
  enum Taste {
    SWEET,
    VERY_SOUR
  }

  @OperatorInfo(name = "Bake", version = "1", summary = "Bakes.")
  record Bake(
      @Param("What to bake.") String cake,
      @Param(value = "Minutes.", fallback = "40") int minutes,
      @Param(value = "Grams.", fallback = "5000000000") long grams,
      @Param(value = "Share of sugar.", fallback = "0.5") double sugarShare,
      @Param(value = "Whether it is covered.", fallback = "false") boolean covered,
      @Param(value = "How it tastes.", fallback = "\"sweet\"") Taste taste,
      @Param(value = "How layers taste.", fallback = "[]") List<Taste> layers,
      @Param(value = "Who eats what.", fallback = "{}") Map<String, String> guests,
      @Param(value = "What is in what.", fallback = "{}") Map<String, List<String>> parts)
      implements OperatorConfig {
    Bake {
      if (minutes < 0) {
        throw new IllegalArgumentException("minutes must not be negative");
      }
    }

    @Override
    public Operator open(OperatorContext context) {
      throw new AssertionError("never opened");
    }
  }

  @Test
  void keysThatAreMissingGetTheirDefaults() {
    assertThat(configure("{\"cake\": \"apple\"}"))
        .isEqualTo(
            new Bake(
                "apple",
                40,
                5_000_000_000L,
                0.5,
                false,
                Taste.SWEET,
                List.of(),
                Map.of(),
                Map.of()));
  }

  @Test
  void everyTypeIsRead() {
    Bake bake =
        configure(
            """
            {"cake": "pie", "minutes": 5, "grams": 7, "sugar_share": 1, "covered": true,
             "taste": "very_sour", "layers": ["sweet", "very_sour"],
             "guests": {"Ann": "rim"}, "parts": {"rim": ["flour", "salt"]}}
            """);
    assertThat(bake)
        .isEqualTo(
            new Bake(
                "pie",
                5,
                7,
                1,
                true,
                Taste.VERY_SOUR,
                List.of(Taste.SWEET, Taste.VERY_SOUR),
                Map.of("Ann", "rim"),
                Map.of("rim", List.of("flour", "salt"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {}; cake; Bake needs 'cake'
          {"cake":"a","minuts":5}; minuts; Bake has no parameter 'minuts'; did you mean 'minutes'?
          {"cake":"a","sugarShare":1}; sugarShare; Bake has no parameter 'sugarShare'; did you mean 'sugar_share'?
          {"cake":"a","zzzzzzzzzz":1}; zzzzzzzzzz; there is cake, minutes, grams
          {"cake":7}; cake; Bake.cake must be text, not 7
          {"cake":"a","minutes":"long"}; minutes; Bake.minutes must be whole number, not "long"
          {"cake":"a","minutes":1.5}; minutes; Bake.minutes must be whole number, not 1.5
          {"cake":"a","minutes":9999999999}; minutes; not 9999999999
          {"cake":"a","covered":"yes"}; covered; Bake.covered must be true | false, not "yes"
          {"cake":"a","sugar_share":null}; sugar_share; Bake.sugar_share must be number, not null
          {"cake":"a","taste":"very_sower"}; taste; must be sweet | very_sour, not "very_sower"; did you mean 'very_sour'?
          {"cake":"a","taste":"SWEET"}; taste; did you mean 'sweet'?
          {"cake":"a","layers":"sweet"}; layers; Bake.layers must be list of sweet | very_sour, not "sweet"
          {"cake":"a","layers":["sweet","salt"]}; layers; not "salt"
          {"cake":"a","guests":["Ann"]}; guests; Bake.guests must be mapping to text
          {"cake":"a","guests":{"Ann":3}}; guests.Ann; Bake.guests.Ann must be text, not 3
          {"cake":"a","parts":{"rim":"flour"}}; parts.rim; Bake.parts.rim must be list of text, not "flour"
          {"cake":"a","minutes":-1}; ''; Bake: minutes must not be negative
          [1]; ''; the config of Bake must be a mapping, not [1]
          """,
      quoteCharacter = '\'')
  void mistakesNameKeyValueAndCure(String json, String key, String message) {
    assertThatThrownBy(() -> configure(json))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.key()).isEqualTo(key))
        .hasMessageContaining(message);
  }

  @Test
  void emptyConfigInYamlIsNoConfig() {
    assertThatThrownBy(() -> Configs.configure(Bake.class, NullNode.getInstance()))
        .hasMessage("Bake needs 'cake'");
    assertThatThrownBy(() -> Configs.configure(Bake.class, null)).hasMessage("Bake needs 'cake'");
  }

  @Test
  void parametersAreDescribedInTheirOrder() {
    assertThat(Configs.parameters(Bake.class))
        .extracting(Configs.Parameter::name)
        .containsExactly(
            "cake",
            "minutes",
            "grams",
            "sugar_share",
            "covered",
            "taste",
            "layers",
            "guests",
            "parts");
    assertThat(Configs.parameters(Bake.class).get(8))
        .isEqualTo(
            new Configs.Parameter("parts", "mapping to list of text", "{}", "What is in what."));
  }

  @Test
  void operatorsAreFoundByName() {
    assertThat(Operators.names()).doesNotHaveDuplicates().contains("MaskPii");
    for (String name : Operators.names()) {
      assertThat(Operators.find(name).map(type -> Configs.info(type).name())).contains(name);
    }
    assertThat(Operators.find("maskpii")).isEmpty();
  }

  @Test
  void nearestNameForgivesCaseAndAFewLetters() {
    List<String> names = List.of("Summarize", "Embed", "Ocr");
    assertThat(Nearest.name("summarise", names)).contains("Summarize");
    assertThat(Nearest.name("EMBED", names)).contains("Embed");
    assertThat(Nearest.name("Translate", names)).isEmpty();
    assertThat(Nearest.hint("Translate", names)).isEqualTo("; there is Summarize, Embed, Ocr");
    assertThat(Nearest.hint("x", List.of())).isEmpty();
  }

  private static Bake configure(String json) {
    try {
      return Configs.configure(Bake.class, new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
