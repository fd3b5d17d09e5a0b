package dev.dragoman.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.models.generate.Finish;
import dev.dragoman.models.generate.GenerateOptions;
import dev.dragoman.models.generate.Generated;
import dev.dragoman.models.generate.Generation;
import dev.dragoman.models.generate.TextListener;
import dev.dragoman.models.generate.constrain.Constraint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A language model that translates because it is shown how: a few sentences in both languages, then
 * the one that is wanted (<a href="https://arxiv.org/abs/2005.14165">Brown et al., 2020</a>). It
 * decodes greedily, whatever {@link TranslateOptions#beams} says, gives one translation of a source
 * and says nothing of where its tokens are from. A term that must be found is shown as an example;
 * where that does not help, generation is held to texts that have it, and where the model then does
 * not come to an end, the translation is without it.
 */
public final class PromptedTranslator implements Translator {
  /** Sentences with their translations, by language. */
  private static final Map<String, List<String>> EXAMPLES = examples();

  /** Above so many terms they must come in the order in which they are asked for. */
  private static final int MOST_IN_ANY_ORDER = 3;

  private static final int ROOM_FOR_EXAMPLES = 512;

  private final TextGenerator model;

  private PromptedTranslator(TextGenerator model) {
    this.model = model;
  }

  /** Translates with this model, which is closed with it. */
  public static PromptedTranslator over(TextGenerator model) {
    return new PromptedTranslator(model);
  }

  /** The languages there are examples of. */
  public static Set<String> languages() {
    return EXAMPLES.keySet();
  }

  @Override
  public Set<String> sources() {
    return EXAMPLES.keySet();
  }

  @Override
  public Set<String> targets() {
    return EXAMPLES.keySet();
  }

  @Override
  public int maxTokens() {
    return Math.max(1, (model.context() - ROOM_FOR_EXAMPLES) / 3);
  }

  @Override
  public int tokens(String source) {
    return model.tokens(source, true).length;
  }

  @Override
  public List<List<Translation>> translate(List<Source> sources, TranslateOptions options) {
    if (options.best() != 1) {
      throw new ModelException("a language model gives one translation, not " + options.best());
    }
    String shown = shown(options.from(), options.to());
    List<Translation> free = generate(sources, shown, options, false);
    List<Integer> lacking = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      if (!has(free.get(i).text(), sources.get(i).terms())) {
        lacking.add(i);
      }
    }
    List<Translation> best = new ArrayList<>(free);
    List<Translation> held =
        generate(lacking.stream().map(sources::get).toList(), shown, options, true);
    for (int i = 0; i < lacking.size(); i++) {
      if (held.get(i).finished()) {
        best.set(lacking.get(i), held.get(i));
      }
    }
    return best.stream().map(List::of).toList();
  }

  private List<Translation> generate(
      List<Source> sources, String shown, TranslateOptions options, boolean held) {
    List<Generation> started = new ArrayList<>(sources.size());
    try {
      for (Source source : sources) {
        started.add(start(source, shown, options, held));
      }
      List<Translation> done = new ArrayList<>(sources.size());
      for (int i = 0; i < sources.size(); i++) {
        done.add(translation(sources.get(i), started.get(i).get()));
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("interrupted while translating", e);
    } finally {
      started.forEach(Generation::cancel);
    }
  }

  private Generation start(Source source, String shown, TranslateOptions options, boolean held) {
    StringBuilder prompt = new StringBuilder(shown);
    for (Term term : source.terms()) {
      term.source().ifPresent(said -> pair(prompt, options, said, term.forms().getFirst()));
    }
    String text = source.text().replace('\n', ' ').strip();
    prompt.append(name(options.from())).append(": ").append(text).append('\n');
    prompt.append(name(options.to())).append(':');
    int most = options.maxTokens() > 0 ? options.maxTokens() : 16 + 2 * tokens(text);
    GenerateOptions wanted =
        GenerateOptions.greedy()
            .with(o -> o.maxTokens(most).logProbabilities(0).stop(List.of("\n")));
    if (held) {
      Constraint constraint = Constraint.regex(having(source.terms()));
      wanted = wanted.with(o -> o.constraint(constraint));
    }
    return model.start(model.tokens(prompt.toString(), false), wanted, TextListener.NONE);
  }

  private static boolean has(String text, List<Term> terms) {
    return terms.stream().allMatch(term -> term.forms().stream().anyMatch(text::contains));
  }

  private Translation translation(Source source, Generated generated) {
    double sum = 0;
    for (Generated.TokenScores token : generated.scores()) {
      sum += token.logProbability();
    }
    int tokens = generated.ids().length;
    return new Translation(
        generated.text().strip(),
        tokens == 0 ? 0 : sum / tokens,
        tokens(source.text()),
        tokens,
        List.of(),
        generated.finish() == Finish.STOP || generated.finish() == Finish.END);
  }

  /** A line that has one form of each term. */
  private static String having(List<Term> terms) {
    List<String> wanted =
        terms.stream()
            .map(term ->
                term.forms().stream()
                    .map(PromptedTranslator::quoted)
                    .collect(Collectors.joining("|", "(?:", ")")))
            .toList();
    if (wanted.size() > MOST_IN_ANY_ORDER) {
      return inOrder(wanted);
    }
    List<String> orders = new ArrayList<>();
    permute(new ArrayList<>(wanted), 0, orders);
    return String.join("|", orders);
  }

  private static void permute(List<String> wanted, int from, List<String> orders) {
    if (from == wanted.size()) {
      orders.add(inOrder(wanted));
      return;
    }
    for (int i = from; i < wanted.size(); i++) {
      List<String> other = new ArrayList<>(wanted);
      other.add(from, other.remove(i));
      permute(other, from + 1, orders);
    }
  }

  private static String inOrder(List<String> wanted) {
    return " ?" + wanted.stream().collect(Collectors.joining("[^\\n]*", "[^\\n]*", "[^\\n]*\\n"));
  }

  private static String quoted(String text) {
    return Pattern.compile("[^\\p{L}\\p{N} ]").matcher(text).replaceAll("\\\\$0");
  }

  private static String shown(String from, String to) {
    List<String> sources = of(from);
    List<String> targets = of(to);
    StringBuilder shown = new StringBuilder();
    TranslateOptions pair = TranslateOptions.of(from, to);
    for (int i = 0; i < sources.size(); i++) {
      pair(shown, pair, sources.get(i), targets.get(i));
    }
    return shown.toString();
  }

  private static void pair(
      StringBuilder prompt, TranslateOptions languages, String source, String target) {
    prompt.append(name(languages.from())).append(": ").append(source).append('\n');
    prompt.append(name(languages.to())).append(": ").append(target).append("\n\n");
  }

  private static List<String> of(String language) {
    List<String> sentences = EXAMPLES.get(language);
    if (sentences == null) {
      throw new ModelException(
          "there are no examples to show a language model how to translate '%s'; there are of %s"
              .formatted(language, String.join(", ", EXAMPLES.keySet())));
    }
    return sentences;
  }

  private static String name(String language) {
    return Locale.of(language).getDisplayLanguage(Locale.ENGLISH);
  }

  private static Map<String, List<String>> examples() {
    try (InputStream in = PromptedTranslator.class.getResourceAsStream("prompt/examples.tsv")) {
      if (in == null) {
        throw new IllegalStateException("the examples are missing from the archive");
      }
      List<String> lines = new BufferedReader(new InputStreamReader(in, UTF_8)).lines().toList();
      String[] codes = lines.getFirst().split("\t");
      Map<String, List<String>> examples = new LinkedHashMap<>();
      for (int i = 0; i < codes.length; i++) {
        int column = i;
        examples.put(
            codes[i], lines.stream().skip(1).map(line -> line.split("\t")[column]).toList());
      }
      return Collections.unmodifiableMap(examples);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
