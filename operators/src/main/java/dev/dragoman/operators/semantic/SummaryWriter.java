package dev.dragoman.operators.semantic;

import dev.dragoman.models.LanguageModel;
import dev.dragoman.models.LanguageModelOptions;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.TextGenerator;
import dev.dragoman.models.TextToText;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.WriteOptions;
import dev.dragoman.models.generate.Finish;
import dev.dragoman.models.generate.GenerateOptions;
import dev.dragoman.models.generate.Generated;
import dev.dragoman.models.generate.Generation;
import dev.dragoman.models.generate.TextListener;
import dev.dragoman.models.template.ChatInput;
import dev.dragoman.models.template.ChatMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model that writes summaries in its own words. Safe for use by many threads. */
sealed interface SummaryWriter extends AutoCloseable {
  /**
   * A summary of one text.
   *
   * @param confidence the mean probability of its tokens
   * @param finished whether the model ended it
   */
  record Written(String text, double confidence, boolean finished) {}

  /** Whether a folder or file holds a model that writes. */
  static boolean isOne(Path path) {
    return TextToText.isOne(path) || LanguageModel.isOne(path);
  }

  /**
   * Opens such a model.
   *
   * @param sentences how many sentences are wanted at most
   * @throws ModelException if it is a language model that takes no instructions
   */
  static SummaryWriter open(Path path, int sentences) {
    return TextToText.isOne(path)
        ? new Rewriter(TextToText.open(path, LanguageModelOptions.defaults().threads()))
        : Instructed.of(TextGenerator.open(path), sentences);
  }

  /** The tokenizer that texts are measured with. */
  Tokenizer tokenizer();

  /** How many tokens of a text it reads at once. */
  int room();

  /** The summaries of texts, each with no more tokens than there is room for. */
  List<Written> write(List<String> texts);

  @Override
  void close();

  /** BART, T5 and their kin, which were trained to. */
  record Rewriter(TextToText model) implements SummaryWriter {
    /** For the prefix and the marks around a text. */
    private static final int SPARE = 16;

    @Override
    public Tokenizer tokenizer() {
      return model.tokenizer();
    }

    @Override
    public int room() {
      return Math.max(1, model.maxTokens() - SPARE);
    }

    @Override
    public List<Written> write(List<String> texts) {
      WriteOptions how = model.options("summarization");
      return model.write(texts, how).stream()
          .map(List::getFirst)
          .map(best -> new Written(best.text().strip(), Math.exp(best.score()), best.finished()))
          .toList();
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /** A language model that does what it is told. */
  record Instructed(TextGenerator model, int sentences) implements SummaryWriter {
    /** Longer texts are read in parts: small models lose the thread. */
    private static final int MOST_TOKENS = 1024;

    private static final int TOKENS_FOR_A_SENTENCE = 60;

    private static Instructed of(TextGenerator model, int sentences) {
      Instructed writer = new Instructed(model, sentences);
      try {
        writer.prompt("");
      } catch (ModelException e) {
        model.close();
        throw new ModelException(
            "a language model that writes summaries has to take instructions; this one has no chat"
                + " template that works: "
                + e.getMessage(),
            e);
      }
      return writer;
    }

    private int[] prompt(String text) {
      String wanted =
          "Summarize the text in "
              + (sentences == 1 ? "one sentence" : "at most " + sentences + " sentences")
              + ". Use only what the text says, and write nothing but the summary.\n\nText:\n";
      return model.tokens(model.chat(ChatInput.of(List.of(ChatMessage.user(wanted + text)))), true);
    }

    private int answer() {
      return TOKENS_FOR_A_SENTENCE * sentences;
    }

    @Override
    public Tokenizer tokenizer() {
      return model.tokenizer();
    }

    @Override
    public int room() {
      int left = model.context() - answer() - 2 * prompt("").length;
      return Math.clamp(left, 1, MOST_TOKENS);
    }

    @Override
    public List<Written> write(List<String> texts) {
      GenerateOptions how =
          GenerateOptions.greedy().with(o -> o.maxTokens(answer()).logProbabilities(0));
      List<Generation> started = new ArrayList<>();
      try {
        for (String text : texts) {
          started.add(model.start(prompt(text), how, TextListener.NONE));
        }
        List<Written> summaries = new ArrayList<>();
        for (Generation each : started) {
          summaries.add(written(each.get()));
        }
        return summaries;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ModelException("interrupted while summarising", e);
      } finally {
        started.forEach(Generation::cancel);
      }
    }

    private static Written written(Generated generated) {
      double mean =
          generated.scores().stream()
              .mapToDouble(Generated.TokenScores::logProbability)
              .average()
              .orElse(0);
      return new Written(
          generated.text().strip(), Math.exp(mean), generated.finish() != Finish.LENGTH);
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
