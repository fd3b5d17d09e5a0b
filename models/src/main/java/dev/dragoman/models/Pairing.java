package dev.dragoman.models;

import dev.dragoman.models.format.JsonFile;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.tokenizer.M2mLanguages;
import dev.dragoman.models.tokenizer.PieceTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the models of one family are told which language a text is in, and which one is wanted.
 * Languages are ISO 639-1 codes, or 639-3 where there is none.
 */
sealed interface Pairing {
  /** The languages it reads; empty if the files do not say. */
  Set<String> sources();

  /** The languages it writes; empty if the files do not say. */
  Set<String> targets();

  /** For the texts that are read. */
  Tokenizer reading();

  /** For the texts that are written. */
  Tokenizer writing();

  /**
   * The tokens of a text, with those that the model wants around it.
   *
   * @param limit how many there are at most
   */
  Tokenizer.Tokens source(String text, String from, String to, int limit);

  /** The token that a text in this language begins with; -1 if there is none. */
  int first(String to);

  /** How the models in a folder of this architecture do it. */
  static Pairing of(Path folder, ModelConfig config) {
    return switch (config.text("model_type")) {
      case "marian" -> Marian.read(folder);
      case "m2m_100" ->
          Files.isRegularFile(folder.resolve("tokenizer.json"))
              ? Nllb.of(Tokenizer.open(folder))
              : new M2m(PieceTokenizer.m2m(folder, M2mLanguages.TOKENS));
      default -> throw config.wrong("model_type", "marian or m2m_100, for translation");
    };
  }

  /** How the models in a folder of CTranslate2 do it. */
  static Pairing of(ConvertedFolder folder, ConvertedFolder.Tokenizers tokenizers) {
    if (folder.hasM2mLanguages()) {
      return new M2m(tokenizers.reading());
    }
    Nllb several = Nllb.of(tokenizers.reading());
    return several.languages.isEmpty()
        ? Marian.of(folder.folder(), tokenizers, folder.ended())
        : several;
  }

  /** Whether a token stands for a language that a text is in. */
  static boolean isLanguage(String token) {
    return Nllb.CODE.matcher(token).matches() || M2mLanguages.TOKENS.contains(token);
  }

  /** The tokens of a text between some others. */
  private static Tokenizer.Tokens between(
      int[] before, Tokenizer.Tokens tokens, int[] after, int limit) {
    int size = Math.max(0, Math.min(tokens.size(), limit - before.length - after.length));
    int all = before.length + size + after.length;
    int[] ids = new int[all];
    int[] starts = new int[all];
    int[] ends = new int[all];
    System.arraycopy(before, 0, ids, 0, before.length);
    System.arraycopy(tokens.ids(), 0, ids, before.length, size);
    System.arraycopy(tokens.starts(), 0, starts, before.length, size);
    System.arraycopy(tokens.ends(), 0, ends, before.length, size);
    System.arraycopy(after, 0, ids, before.length + size, after.length);
    return new Tokenizer.Tokens(ids, starts, ends);
  }

  private static int[] end(Tokenizer tokenizer) {
    int end =
        tokenizer
            .id("</s>")
            .orElseThrow(() -> new ModelException("the tokenizer has no </s> that ends a text"));
    return new int[] {end};
  }

  /**
   * One pair of languages, or several targets that a token in front of the text chooses from.
   *
   * @param ended whether a text has an end
   * @param choices the token of each target; empty if there is but one
   */
  record Marian(
      Set<String> sources,
      Set<String> targets,
      PieceTokenizer reading,
      PieceTokenizer writing,
      boolean ended,
      Map<String, Integer> choices)
      implements Pairing {
    private static final Pattern CHOICE = Pattern.compile(">>(\\w+)<<");
    private static final Pattern NAME =
        Pattern.compile("opus-mt(?:-tc)?(?:-big|-base|-tiny)?-([a-z]{2,3})-([a-z]{2,3})");

    static Marian read(Path folder) {
      return of(
          folder,
          new ConvertedFolder.Tokenizers(
              PieceTokenizer.marianSource(folder), PieceTokenizer.marianTarget(folder)),
          true);
    }

    static Marian of(Path folder, ConvertedFolder.Tokenizers tokenizers, boolean ended) {
      PieceTokenizer reading = tokenizers.reading();
      Map<String, Integer> choices = new TreeMap<>();
      for (int id = 0; id < reading.vocabularySize(); id++) {
        Matcher choice = CHOICE.matcher(reading.token(id));
        if (choice.matches()) {
          choices.put(Languages.shortest(choice.group(1)), id);
        }
      }
      Path settings = folder.resolve("tokenizer_config.json");
      String from = "";
      String to = "";
      if (Files.isRegularFile(settings)) {
        from = JsonFile.read(settings).path("source_lang").asText("");
        to = JsonFile.read(settings).path("target_lang").asText("");
      }
      Matcher name = NAME.matcher(String.valueOf(folder.toAbsolutePath().getFileName()));
      if ((from.isEmpty() || to.isEmpty()) && name.find()) {
        from = name.group(1);
        to = name.group(2);
      }
      return new Marian(
          one(from),
          choices.isEmpty() ? one(to) : choices.keySet(),
          reading,
          tokenizers.writing(),
          ended,
          choices);
    }

    private static Set<String> one(String language) {
      return language.isEmpty() ? Set.of() : Set.of(Languages.shortest(language));
    }

    @Override
    public Tokenizer.Tokens source(String text, String from, String to, int limit) {
      Integer choice = choices.get(to);
      int[] before = choice == null ? new int[0] : new int[] {choice};
      int[] after = ended ? end(reading) : new int[0];
      return between(before, reading.encode(text), after, limit);
    }

    @Override
    public int first(String to) {
      return -1;
    }
  }

  /** M2M-100: the language's token before the text, and as the first one that is written. */
  record M2m(PieceTokenizer tokens) implements Pairing {
    @Override
    public Set<String> sources() {
      return new TreeSet<>(M2mLanguages.CODES);
    }

    @Override
    public Set<String> targets() {
      return sources();
    }

    @Override
    public Tokenizer reading() {
      return tokens;
    }

    @Override
    public Tokenizer writing() {
      return tokens;
    }

    @Override
    public Tokenizer.Tokens source(String text, String from, String to, int limit) {
      return between(new int[] {first(from)}, tokens.encode(text), end(tokens), limit);
    }

    @Override
    public int first(String language) {
      return tokens.id(M2mLanguages.token(language)).orElse(-1);
    }
  }

  /**
   * NLLB: the same, with the codes of FLORES-200 ({@code nld_Latn}).
   *
   * @param languages the token of each
   */
  record Nllb(Tokenizer tokens, Map<String, Integer> languages) implements Pairing {
    private static final Pattern CODE = Pattern.compile("([a-z]{3})_([A-Z][a-z]{3})");

    static Nllb of(Tokenizer tokens) {
      Map<String, List<String>> codes =
          IntStream.range(0, tokens.vocabularySize())
              .mapToObj(tokens::token)
              .filter(token -> CODE.matcher(token).matches())
              .collect(
                  Collectors.groupingBy(
                      token -> Languages.shortest(token.substring(0, 3)), Collectors.toList()));
      Map<String, Integer> languages = new TreeMap<>();
      codes.forEach((language, all) -> {
        languages.put(language, tokens.id(usual(all)).orElseThrow());
        all.forEach(code -> languages.put(code, tokens.id(code).orElseThrow()));
      });
      return new Nllb(tokens, languages);
    }

    /** Of several scripts, Latin or else simplified Chinese or else the first. */
    private static String usual(List<String> codes) {
      for (String script : new String[] {"_Latn", "_Hans"}) {
        for (String code : codes) {
          if (code.endsWith(script)) {
            return code;
          }
        }
      }
      return new ArrayList<>(new TreeSet<>(codes)).getFirst();
    }

    @Override
    public Set<String> sources() {
      return new TreeSet<>(languages.keySet());
    }

    @Override
    public Set<String> targets() {
      return sources();
    }

    @Override
    public Tokenizer reading() {
      return tokens;
    }

    @Override
    public Tokenizer writing() {
      return tokens;
    }

    @Override
    public Tokenizer.Tokens source(String text, String from, String to, int limit) {
      return between(new int[] {first(from)}, tokens.encode(text), end(tokens), limit);
    }

    @Override
    public int first(String language) {
      return languages.getOrDefault(language, -1);
    }
  }

  /** Codes of languages. */
  final class Languages {
    /** Languages of which FLORES and others name one variety by its own ISO 639-3 code. */
    private static final Map<String, String> VARIETIES =
        Map.ofEntries(
            Map.entry("als", "sq"),
            Map.entry("arb", "ar"),
            Map.entry("azj", "az"),
            Map.entry("ekk", "et"),
            Map.entry("gaz", "om"),
            Map.entry("khk", "mn"),
            Map.entry("kmr", "ku"),
            Map.entry("lvs", "lv"),
            Map.entry("nob", "no"),
            Map.entry("npi", "ne"),
            Map.entry("ory", "or"),
            Map.entry("pbt", "ps"),
            Map.entry("pes", "fa"),
            Map.entry("plt", "mg"),
            Map.entry("quy", "qu"),
            Map.entry("swh", "sw"),
            Map.entry("uzn", "uz"),
            Map.entry("ydd", "yi"),
            Map.entry("zsm", "ms"));

    private static final Map<String, String> BY_LONG =
        Locale.availableLocales()
            .map(Locale::getLanguage)
            .filter(code -> code.length() == 2)
            .distinct()
            .collect(
                Collectors.toMap(
                    code -> Locale.of(code).getISO3Language(), code -> code, (a, _) -> a));

    private Languages() {}

    /** The code of two letters of a language, if it has one; otherwise the code as it is. */
    static String shortest(String code) {
      String lower = code.toLowerCase(Locale.ROOT);
      String variety = VARIETIES.getOrDefault(lower, lower);
      return BY_LONG.getOrDefault(variety, variety);
    }
  }
}
