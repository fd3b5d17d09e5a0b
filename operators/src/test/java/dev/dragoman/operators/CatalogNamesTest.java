package dev.dragoman.operators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.models.catalog.ModelCatalog;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.Param;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of models in operators and names of operators in the catalog are those of the other. */
class CatalogNamesTest {
  @Test
  void everyModelThatAnOperatorNamesByDefaultIsInTheCatalogForThisOperator()
      throws JsonProcessingException {
    List<String> seen = new ArrayList<>();
    for (Class<? extends OperatorConfig> type : Operators.all()) {
      for (Configs.Parameter parameter : Configs.parameters(type)) {
        for (String model : models(parameter)) {
          assertThat(ModelCatalog.builtIn().entry(model).operators())
              .as("%s.%s: %s", Configs.info(type).name(), parameter.name(), model)
              .contains(Configs.info(type).name());
          seen.add(model);
        }
      }
    }
    assertThat(seen)
        .contains(
            "vit-gpt2-captioning", "smolvlm-256m-instruct", "whisper-tiny.en", "all-minilm-l6-v2");
  }

  private static List<String> models(Configs.Parameter parameter) throws JsonProcessingException {
    if (!parameter.name().startsWith("model") || parameter.fallback().equals(Param.REQUIRED)) {
      return List.of();
    }
    JsonNode fallback = new JsonMapper().readTree(parameter.fallback());
    List<String> models = new ArrayList<>();
    if (fallback.isTextual()) {
      models.add(fallback.asText());
    }
    fallback.forEach(model -> models.add(model.asText()));
    return models.stream().filter(name -> !name.isEmpty() && !name.equals("auto")).toList();
  }

  @Test
  void everyStepThatTheCatalogNamesExists() {
    for (CatalogEntry entry : ModelCatalog.builtIn().entries()) {
      assertThat(Operators.names()).as(entry.name()).containsAll(entry.operators());
    }
  }
}
