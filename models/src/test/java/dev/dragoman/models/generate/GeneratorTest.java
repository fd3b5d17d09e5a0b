package dev.dragoman.models.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.kernel.CacheType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratorTest {
  private static final GenerateOptions GREEDY = GenerateOptions.greedy().with(o -> o.maxTokens(24));
  private static final GenerateOptions DRAWN =
      GREEDY.with(o -> o.temperature(1.1).topP(0.95).seed(7));

  private final SmallModel model = SmallModel.open("llama");

  @AfterEach
  void close() {
    model.close();
  }

  private Generated alone(int[] prompt, GenerateOptions options) throws InterruptedException {
    try (Generator generator = model.generator(GeneratorOptions.defaults())) {
      return generator.start(prompt, options, TextListener.NONE).get();
    }
  }

  @Test
  void theMostProbableTokensAreThoseOfAPlainLoop() throws InterruptedException {
    int[] prompt = model.prompt(1, 9);
    Generated generated = alone(prompt, GREEDY);
    assertThat(generated.ids()).isEqualTo(model.greedy(prompt, 24));
    assertThat(generated.finish()).isEqualTo(Finish.LENGTH);
    assertThat(generated.promptTokens()).isEqualTo(9);
  }

  @Test
  void manyAtOnceGetWhatEachGetsAlone() throws InterruptedException {
    List<int[]> prompts = new ArrayList<>();
    List<GenerateOptions> options = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      prompts.add(model.prompt(i, 3 + 5 * i));
      int seed = i;
      options.add(DRAWN.with(o -> o.seed(seed).maxTokens(10 + seed)));
    }
    List<Generation> together = new ArrayList<>();
    try (Generator generator = model.generator(new GeneratorOptions(0, 5, 16, 0))) {
      for (int i = 0; i < prompts.size(); i++) {
        together.add(generator.start(prompts.get(i), options.get(i), TextListener.NONE));
      }
      for (int i = 0; i < prompts.size(); i++) {
        Generated generated = together.get(i).get();
        Generated alone = alone(prompts.get(i), options.get(i));
        assertThat(generated.ids()).as("prompt %d", i).isEqualTo(alone.ids());
        assertThat(generated.text()).isEqualTo(alone.text());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 6", "0.4, 6", "1.5, 3"})
  void draftsChangeNoToken(double temperature, int drafts) throws InterruptedException {
    int[] prompt = model.prompt(3, 12);
    GenerateOptions plain = GREEDY.with(o -> o.temperature(temperature).seed(5).maxTokens(60));
    Generated drafted = alone(prompt, plain.with(o -> o.drafts(drafts)));
    assertThat(drafted.ids()).isEqualTo(alone(prompt, plain).ids());
  }

  @Test
  void draftsAreRightWhereATextRepeatsItself() throws InterruptedException {
    int[] prompt = model.prompt(3, 12);
    GenerateOptions options = GREEDY.with(o -> o.maxTokens(90).drafts(4));
    // A small random model goes round in circles now and then.
    assertThat(alone(prompt, options).draftedTokens()).isPositive();
  }

  @Test
  void aStopStringAcrossTokensIsNeverShown() throws InterruptedException {
    int[] prompt = model.prompt(4, 7);
    String whole = alone(prompt, GREEDY).text();
    String stop = whole.substring(5, 8);
    List<String> shown = new ArrayList<>();
    Generated stopped;
    try (Generator generator = model.generator(GeneratorOptions.defaults())) {
      stopped =
          generator
              .start(prompt, GREEDY.with(o -> o.stop(List.of("\u0000", stop))), shown::add)
              .get();
    }
    assertThat(stopped.finish()).isEqualTo(Finish.STOP);
    assertThat(stopped.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(String.join("", shown)).isEqualTo(stopped.text());
  }

  @Test
  void aPromptThatBeginsLikeAnEarlierOneIsNotRunAgain() throws InterruptedException {
    int[] first = model.prompt(5, 60);
    int[] second = first.clone();
    second[50] = (second[50] + 1) % model.decoder().vocabulary();
    try (Generator generator = model.generator(GeneratorOptions.defaults())) {
      assertThat(generator.start(first, GREEDY, TextListener.NONE).get().reusedTokens()).isZero();
      Generated generated = generator.start(second, DRAWN, TextListener.NONE).get();
      assertThat(generated.reusedTokens()).isEqualTo(50);
      assertThat(generated.ids()).isEqualTo(alone(second, DRAWN).ids());
      assertThat(generator.start(first, GREEDY, TextListener.NONE).get().reusedTokens())
          .isEqualTo(59);
    }
  }

  @Test
  void withKeysAndValuesInBytesReuseDraftsAndNeighboursChangeNoToken() throws InterruptedException {
    GeneratorOptions bytes = GeneratorOptions.defaults().withCache(CacheType.INT8);
    int[] first = model.prompt(5, 60);
    int[] second = first.clone();
    second[50] = (second[50] + 1) % model.decoder().vocabulary();
    Generated alone;
    try (Generator generator = model.generator(bytes)) {
      alone = generator.start(second, DRAWN, TextListener.NONE).get();
    }
    try (Generator generator = model.generator(bytes)) {
      generator.start(first, GREEDY, TextListener.NONE).get();
      Generation other = generator.start(model.prompt(3, 30), GREEDY, TextListener.NONE);
      Generation again = generator.start(second, DRAWN.with(o -> o.drafts(3)), TextListener.NONE);
      other.get();
      assertThat(again.get().ids()).isEqualTo(alone.ids());
      assertThat(again.get().reusedTokens()).isEqualTo(50);
    }
  }

  @Test
  void textsWithAndWithoutAnAdapterRunTogetherAndShareNoKeys() throws Exception {
    int[] prompt = model.prompt(5, 60);
    Path folder =
        Path.of(Objects.requireNonNull(Decoder.class.getResource("lora/llama-patterns")).toURI());
    GenerateOptions adapted = GREEDY.with(o -> o.adapter("small"));
    try (Generator generator = model.generator(GeneratorOptions.defaults())) {
      generator.add("small", model.decoder().adapter(folder));
      Generation plain = generator.start(prompt, GREEDY, TextListener.NONE);
      Generated first = generator.start(prompt, adapted, TextListener.NONE).get();
      assertThat(first.reusedTokens()).isZero();
      assertThat(plain.get().ids()).isEqualTo(model.greedy(prompt, 24));
      assertThat(first.ids()).isNotEqualTo(plain.get().ids());
      Generated again = generator.start(prompt, adapted, TextListener.NONE).get();
      assertThat(again.reusedTokens()).isEqualTo(59);
      assertThat(again.ids()).isEqualTo(first.ids());
      assertThatThrownBy(
              () -> generator.start(prompt, GREEDY.with(o -> o.adapter("x")), TextListener.NONE))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("'x'; there is [small]");
    }
  }

  @Test
  void aPromptThatManyShareIsRunOnce() throws InterruptedException {
    List<Generation> all = new ArrayList<>();
    try (Generator generator = model.generator(new GeneratorOptions(0, 8, 16, 0))) {
      // Another text holds the generator up until all of them wait for it.
      CountDownLatch started = new CountDownLatch(1);
      generator.start(
          model.prompt(1, 5),
          GREEDY,
          text -> {
            try {
              started.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      for (int i = 0; i < 5; i++) {
        int[] prompt = model.prompt(6, 64);
        prompt[62] = i;
        all.add(generator.start(prompt, GREEDY, TextListener.NONE));
      }
      started.countDown();
      int reused = 0;
      for (int i = 0; i < 5; i++) {
        Generated generated = all.get(i).get();
        int[] prompt = model.prompt(6, 64);
        prompt[62] = i;
        assertThat(generated.ids()).isEqualTo(model.greedy(prompt, 24));
        reused += generated.reusedTokens();
      }
      // Nobody waits for the last few tokens that they could share.
      assertThat(reused).isBetween(4 * (63 - Prefixes.WORTH_IT), 4 * 62);
    }
  }

  @Test
  void aCancelledTextEndsAndTheOthersGoOn() throws InterruptedException {
    GenerateOptions endless = GREEDY.with(o -> o.maxTokens(100));
    try (Generator generator = model.generator(GeneratorOptions.defaults())) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch cancelled = new CountDownLatch(1);
      Generation one =
          generator.start(
              model.prompt(1, 5),
              endless,
              text -> {
                begun.countDown();
                try {
                  cancelled.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      Generation other = generator.start(model.prompt(2, 5), endless, TextListener.NONE);
      begun.await();
      one.cancel();
      cancelled.countDown();
      Generated generated = one.get();
      assertThat(generated.finish()).isEqualTo(Finish.CANCELLED);
      assertThat(generated.ids().length).isBetween(1, 99);
      assertThat(other.get().ids()).isEqualTo(model.greedy(model.prompt(2, 5), 100));
    }
  }

  @Test
  void aListenerThatFailsFailsItsOwnTextOnly() throws InterruptedException {
    try (Generator generator = model.generator(GeneratorOptions.defaults())) {
      Generation failing =
          generator.start(
              model.prompt(1, 5),
              GREEDY,
              text -> {
                throw new IllegalArgumentException("no room");
              });
      Generation other = generator.start(model.prompt(2, 5), GREEDY, TextListener.NONE);
      assertThatThrownBy(failing::get).hasMessage("no room");
      assertThat(other.get().ids()).isEqualTo(model.greedy(model.prompt(2, 5), 24));
    }
  }

  @Test
  void probabilitiesAreTheModelsOwn() throws InterruptedException {
    Generated generated = alone(model.prompt(1, 9), DRAWN.with(o -> o.logProbabilities(3)));
    assertThat(generated.scores()).hasSameSizeAs(generated.ids());
    for (Generated.TokenScores scores : generated.scores()) {
      assertThat(scores.top()).hasSize(3);
      assertThat(scores.logProbability())
          .isLessThanOrEqualTo(scores.top().getFirst().logProbability());
      assertThat(scores.top().stream().mapToDouble(c -> Math.exp(c.logProbability())).sum())
          .isBetween(0.0, 1.0);
    }
  }

  @Test
  void theContextIsAnEnd() throws InterruptedException {
    try (Generator generator = model.generator(new GeneratorOptions(20, 4, 512, 0))) {
      Generated generated = generator.start(model.prompt(1, 9), GREEDY, TextListener.NONE).get();
      assertThat(generated.finish()).isEqualTo(Finish.LENGTH);
      assertThat(generated.ids()).hasSize(12);
      assertThatThrownBy(() -> generator.start(model.prompt(1, 20), GREEDY, TextListener.NONE))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("the prompt has 20 tokens");
    }
  }

  @Test
  void whatIsUnderWayFailsWhenTheGeneratorIsClosed() throws InterruptedException {
    Generation late;
    try (Generator generator = model.generator(GeneratorOptions.defaults())) {
      CountDownLatch begun = new CountDownLatch(1);
      late =
          generator.start(
              model.prompt(1, 5), GREEDY.with(o -> o.maxTokens(100)), t -> begun.countDown());
      begun.await();
    }
    assertThat(late.isDone()).isTrue();
  }
}
