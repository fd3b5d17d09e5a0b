package dev.dragoman.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StepReferenceTest {
  private static final Path DOCS = Path.of("..", "docs", "steps.md");

  @Test
  void referenceSaysWhatTheCodeSays() throws IOException {
    if (Boolean.getBoolean("reference.write")) {
      StepReference.main(new String[] {DOCS.toString()});
    }
    assertThat(Files.exists(DOCS) ? Files.readString(DOCS) : "")
        .as(
            "docs/steps.md is not what the steps declare; write it anew and commit it: mvn -pl"
                + " pipelines -am -Dquick -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dtest=StepReferenceTest -Dreference.write=true test")
        .isEqualTo(StepReference.markdown());
  }

  @Test
  void everyStepExplainsItselfInSentences() {
    assertThat(StepReference.types()).hasSizeGreaterThan(20);
    StepReference.types()
        .forEach(type -> {
          OperatorInfo info = Configs.info(type);
          assertThat(info.summary()).as(info.name()).matches("(?s)[A-Z].*[.]");
          assertThat(Configs.parameters(type))
              .allSatisfy(parameter -> {
                assertThat(parameter.meaning()).isNotBlank();
                assertThat(parameter.name()).matches("[a-z][a-z0-9_]*");
              });
        });
  }
}
