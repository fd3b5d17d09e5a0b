package dev.dragoman.operators;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OperatorReferenceTest {
  private static final Path DOCS = Path.of("..", "docs", "operators.md");

  private static final String COMMAND =
      "mvn -pl operators -am -Dquick -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dtest=OperatorReferenceTest -Dreference.write=true test";

  @Test
  void referenceSaysWhatTheCodeSays() throws IOException {
    String generated = OperatorReference.markdown();
    if (Boolean.getBoolean("reference.write")) {
      Files.createDirectories(DOCS.getParent());
      OperatorReference.main(new String[] {DOCS.toString()});
    }
    assertThat(Files.exists(DOCS) ? Files.readString(DOCS) : "")
        .as(
            "docs/operators.md is not what the operators declare; write it anew and commit it: %s",
            COMMAND)
        .isEqualTo(generated);
  }

  @Test
  void everyOperatorExplainsItselfInSentences() {
    assertThat(Operators.all()).isNotEmpty();
    for (Class<? extends OperatorConfig> type : Operators.all()) {
      OperatorInfo info = Configs.info(type);
      assertThat(info.summary()).as(info.name()).matches("(?s)[A-Z].*[.]");
      for (Configs.Parameter parameter : Configs.parameters(type)) {
        assertThat(parameter.meaning()).as(info.name() + "." + parameter.name()).isNotBlank();
        assertThat(parameter.name()).matches("[a-z][a-z0-9_]*");
      }
    }
  }

  @Test
  void everyDefaultIsAccepted() {
    for (Class<? extends OperatorConfig> type : Operators.all()) {
      if (Configs.parameters(type).stream().noneMatch(p -> p.fallback().equals(Param.REQUIRED))) {
        assertThat(Configs.defaults(type).info().name()).isEqualTo(Configs.info(type).name());
      }
    }
  }
}
