package dev.dragoman.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.text.MaskPii;
import dev.dragoman.pipelines.RecipeReader.Ends;
import dev.dragoman.pipelines.RecipeReader.Override;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeReaderTest {
  private static final String CHAIN =
      """
      pipeline:
        type: chain
        source: {type: ReadFiles, config: {paths: ["in/**"]}}
        transforms:
          - {type: ExtractText}
          - type: MaskPii
            config:
              policy: tag
        sink: {type: WriteEnriched, config: {path: out}}
      """;

  private static Recipe read(String text, Override... overrides) {
    return RecipeReader.read("my.yaml", text, Ends.OF_THE_RECIPE, List.of(overrides));
  }

  @Test
  void aChainRunsFromItsSourceToItsSink() {
    Recipe recipe = read(CHAIN);
    assertThat(recipe.steps())
        .extracting(Recipe.Step::name)
        .containsExactly("ReadFiles", "ExtractText", "MaskPii", "WriteEnriched");
    assertThat(recipe.files().orElseThrow().config().paths()).containsExactly("in/**");
    assertThat(recipe.enriched().orElseThrow().config().path()).isEqualTo("out");
    assertThat(recipe.operations().getLast().input()).isEqualTo("ExtractText");
  }

  @Test
  void aCompositeIsTheSameRecipeWhateverTheOrderItIsWrittenIn() {
    Recipe composite =
        read(
            """
            pipeline:
              transforms:
                - {type: WriteEnriched, input: Mask, config: {path: out}}
                - {type: MaskPii, name: Mask, input: ExtractText, config: {policy: tag}}
                - {type: ReadFiles, config: {paths: ["in/**"]}}
                - {type: ExtractText, input: ReadFiles}
            """);
    assertThat(composite.steps())
        .extracting(Recipe.Step::name)
        .containsExactly("ReadFiles", "ExtractText", "Mask", "WriteEnriched");
    assertThat(composite.digest()).isEqualTo(read(CHAIN).digest());
  }

  @ParameterizedTest
  @MethodSource("dev.dragoman.pipelines.RecipeReader#builtIn")
  void everyBuiltInRecipeIsRight(String name) {
    assertThat(RecipeReader.open(name, Ends.OF_THE_RECIPE, List.of()).operations()).isNotEmpty();
  }

  @Test
  void theCommandLineGivesTheEnds() {
    Recipe recipe =
        RecipeReader.read("my.yaml", CHAIN, new Ends(List.of("a", "b"), "elsewhere"), List.of());
    assertThat(recipe.files().orElseThrow().config().paths()).containsExactly("a", "b");
    assertThat(recipe.enriched().orElseThrow().config().path()).isEqualTo("elsewhere");
  }

  @Test
  void aSettingOfTheCommandLineWinsOverTheRecipe() {
    Recipe recipe = read(CHAIN, Override.parse("MaskPii.policy=redact"));
    assertThat(recipe.operations().getLast().config())
        .isInstanceOfSatisfying(
            MaskPii.Config.class,
            config -> assertThat(config.policy()).isEqualTo(MaskPii.Policy.REDACT));
  }

  @Test
  void theDigestFollowsWhatDecidesTheOutputAndNothingElse() {
    String digest = read(CHAIN).digest();
    assertThat(read("# a comment\n" + CHAIN).digest()).isEqualTo(digest);
    assertThat(read(CHAIN.replace("path: out", "path: other")).digest()).isEqualTo(digest);
    assertThat(read(CHAIN.replace("in/**", "other/**")).digest()).isEqualTo(digest);
    assertThat(read(CHAIN.replace("policy: tag", "policy: redact")).digest()).isNotEqualTo(digest);
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type: chain            | type: chian             | my.yaml:2: | 'chain'
          {type: ExtractText}    | {type: ExtractTekst}    | my.yaml:5: | 'ExtractText'
          policy: tag            | polcy: tag              | my.yaml:8: | 'policy'
          policy: tag            | policy: tgg             | my.yaml:8: | 'tag'
          policy: tag            | policy: 3               | my.yaml:8: | MaskPii.policy
          source:                | sauce:                  | my.yaml:3: | 'source'
          paths:                 | path:                   | my.yaml:3: | 'paths'
          {type: ExtractText}    | {typ: ExtractText}      | my.yaml:5: | needs 'type'
          {type: ExtractText}    | {type: MaskPii}         | my.yaml:6: | two steps named 'MaskPii'
          {type: ExtractText}    | {type: WriteEnriched, name: a, config: {path: b}} | my.yaml:6: | is a sink
          policy: tag            | on_error: maybe         | my.yaml:8: | reject or keep
          {path: out}            | {path: ''}              | my.yaml:9: | needs 'path'
          pipeline:              | pipelines:              | my.yaml:2: | 'pipeline'
          {type: ExtractText}    | {type: ExtractText, windowing: {type: fixed}} | my.yaml:5: | 'windowing'
          """)
  void aMistakeIsToldWithItsLineAndWhatWasMeant(
      String right, String wrong, String place, String told) {
    assertThatThrownBy(() -> read(CHAIN.replaceFirst(java.util.regex.Pattern.quote(right), wrong)))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith(place)
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aStreamingRecipeNeedsASourceThatDoesNotEnd() {
    assertThatThrownBy(() -> read(CHAIN + "options: {streaming: true}\n"))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("my.yaml:10:");
  }

  @Test
  void aBranchTakesFromAnyStepAndComesAfterIt() {
    Recipe recipe =
        read(
            CHAIN
                + "  extra_transforms:\n"
                + "    - {type: Chunk, input: More}\n"
                + "    - {type: ExtractText, name: More, input: ReadFiles}\n");
    assertThat(recipe.steps())
        .extracting(Recipe.Step::name)
        .containsExactly("ReadFiles", "ExtractText", "MaskPii", "WriteEnriched", "More", "Chunk");
  }

  @Test
  void aCircleIsRefused() {
    assertThatThrownBy(() ->
            read(
                """
                pipeline:
                  transforms:
                    - {type: ReadFiles, config: {paths: [x]}}
                    - {type: Chunk, input: Embed}
                    - {type: Embed, input: Chunk}
                    - {type: WriteEnriched, input: ReadFiles, config: {path: out}}
                """))
        .hasMessageContaining("takes from itself");
  }

  @Test
  void durationsAndOtherOptionsAreChecked() {
    assertThat(read(CHAIN + "options: {max_latency: 50ms}\n").options().maxLatency()).hasMillis(50);
    assertThatThrownBy(() -> read(CHAIN + "options:\n  max_latency: 50\n"))
        .hasMessageStartingWith("my.yaml:11:")
        .hasMessageContaining("duration");
    assertThatThrownBy(() -> read(CHAIN + "options: {latency: 50ms}\n"))
        .hasMessageContaining("there is max_latency");
  }

  @Test
  void whatIsNotYamlIsToldWithItsLine() {
    assertThatThrownBy(() -> read("pipeline:\n  type: [chain\n  source: x\n"))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("my.yaml:3: not YAML");
    assertThatThrownBy(() -> read("")).hasMessageContaining("empty");
  }

  @Test
  void aSettingForAStepThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> read(CHAIN, Override.parse("MaskPi.policy=tag")))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("did you mean 'MaskPii'?");
    assertThatThrownBy(() -> Override.parse("tokens=3"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("Step.key=value");
  }

  @Test
  void aRecipeThatIsNoFileAndNoNameIsToldBoth(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> RecipeReader.open("defualt", Ends.OF_THE_RECIPE, List.of()))
        .hasMessageContaining("no recipe file")
        .hasMessageContaining("'default'");
    Path binary = folder.resolve("r.yaml");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> RecipeReader.open(binary.toString(), Ends.OF_THE_RECIPE, List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("UTF-8");
  }
}
