package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.tokenizer.Split.Behaviour;
import java.util.ArrayList;
import java.util.List;

/**
 * How GGUF's byte-level tokenizers cut text, by the name in {@code tokenizer.ggml.pre} (<a
 * href="https://github.com/ggml-org/llama.cpp/blob/master/src/llama-vocab.cpp">reference:
 * llm_tokenizer_bpe</a>).
 *
 * @param expressions one after the other
 * @param wholeFirst words that are tokens are not taken apart
 * @param begins a text begins with the token for that, unless the file says otherwise
 * @param composed text is put into NFC, as the models' own tokenizers do
 */
record GgufWords(List<String> expressions, boolean wholeFirst, boolean begins, boolean composed) {
  private static final String CASED =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+%s"
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*%s"
          + "|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
  private static final String DEEPSEEK =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /**
   * What a name stands for.
   *
   * @throws ModelException if it is not known
   */
  static GgufWords named(String file, String name) {
    return switch (name) {
      case "gpt-2",
          "phi-2",
          "mpt",
          "olmo",
          "jina-es",
          "jina-de",
          "jina-v2-es",
          "jina-v2-de",
          "jina-v2-code",
          "modern-bert",
          "roberta-bpe" ->
          plain(WordScanner.GPT2);
      case "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b" ->
          plain("\\p{N}", WordScanner.GPT2);
      case "llama3", "llama-v3", "llama-bpe", "falcon3", "pixtral" ->
          new GgufWords(List.of(WordScanner.LLAMA3), true, true, false);
      case "dbrx", "smaug-bpe", "chatglm-bpe", "phi-4" -> plain(WordScanner.LLAMA3);
      case "qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan" ->
          new GgufWords(List.of(WordScanner.QWEN2), false, false, name.contains("qwen"));
      case "gpt-4o", "llama4" -> plain(CASED.formatted(CONTRACTION, CONTRACTION, "{1,3}"));
      case "tekken" -> new GgufWords(List.of(CASED.formatted("", "", "")), true, false, false);
      case "deepseek-v3" -> plain("\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DEEPSEEK);
      case "default" ->
          plain("[\\p{P}\\$\\+<=>\\^~\\|]+", WordScanner.GPT2, "\\p{N}+", "[0-9][0-9][0-9]");
      case String other ->
          throw new ModelException(
              "%s: tokenizer.ggml.pre \"%s\" is not supported".formatted(file, other));
    };
  }

  private static GgufWords plain(String... expressions) {
    return new GgufWords(List.of(expressions), false, false, false);
  }

  List<PreTokenizer> steps() {
    List<PreTokenizer> steps = new ArrayList<>();
    for (String expression : expressions) {
      Delimiter scanner = WordScanner.of(expression);
      Delimiter pattern = scanner == null ? Regex.of(expression) : scanner;
      steps.add(new Split(pattern, Behaviour.ISOLATED, false));
    }
    steps.add(new ByteLevel());
    return List.copyOf(steps);
  }
}
