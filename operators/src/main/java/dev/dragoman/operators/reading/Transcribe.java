package dev.dragoman.operators.reading;

import dev.dragoman.models.MissingModelException;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.multimodal.speech.SoundDecoder;
import dev.dragoman.multimodal.speech.SpeechLimits;
import dev.dragoman.multimodal.speech.SpokenWord;
import dev.dragoman.multimodal.speech.Transcriber;
import dev.dragoman.multimodal.speech.Transcript;
import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.TextPart;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes down what is said in sounds. */
public final class Transcribe implements Operator {
  private static final String AUTO = "auto";

  /** What to do with a sound for whose language no model is installed. */
  public enum OnMissingModel {
    /** Keep it, and record how to get a model. */
    SKIP,
    /** Reject it as {@code MISSING_MODEL}. */
    FAIL
  }

  /** How {@link Transcribe} is set up. */
  @OperatorInfo(
      name = "Transcribe",
      version = "1",
      summary = "Writes down what is said in sounds and films.",
      details =
          "Adds a text `transcript` after each sound, one line a turn: a turn ends when the other speaker"
              + " speaks or after two seconds of silence. Each word, each segment without a pause and, where a"
              + " recording has two speakers on two channels, each turn becomes an interval (`word`, `segment`,"
              + " `speaker`) with its seconds and its place in the text. Silence is skipped. A transcript whose"
              + " words average below min_confidence is labelled `low_confidence`. The language of a sound is not"
              + " guessed: it comes from `language` or from `language_by_path`, and chooses the model, which may be a Whisper"
              + " model (of Hugging Face or CTranslate2) or a Vosk model; only if `model` names a multilingual Whisper"
              + " model, it finds the language out. A sound"
              + " without a model is kept, labelled `skipped` with what to do. Documents without sound pass"
              + " untouched. Rejects sounds that cannot be decoded: EMPTY, CORRUPT, UNSUPPORTED, ENCRYPTED,"
              + " TOO_LARGE, TIMEOUT.")
  public record Config(
      @Param(
              value =
                  "the model: a catalog name, the path of a model's folder, or auto: the one in `model_by_language` for the"
                      + " language of the sound",
              fallback = "\"auto\"")
          String model,
      @Param(
              value =
                  "the language of all sounds, ISO 639-1; or auto: as `language_by_path` says, else unknown",
              fallback = "\"auto\"")
          String language,
      @Param(
              value =
                  "languages by where a sound came from: globs of the path (`**/ko/**`), or of the file name if"
                      + " they have no slash (`*-ko.*`); the first that fits counts",
              fallback = "{}")
          Map<String, String> languageByPath,
      @Param(
              value = "the model for each language: a catalog name or the path of a model's folder",
              fallback = "{\"ko\": \"vosk-ko\", \"en\": \"whisper-tiny.en\"}")
          Map<String, String> modelByLanguage,
      @Param(
              value =
                  "skip: keep a sound without a model and record how to get one; fail: reject it as MISSING_MODEL",
              fallback = "\"skip\"")
          OnMissingModel onMissingModel,
      @Param(
              value = "transcripts whose words average below are labelled low_confidence, 0 to 1",
              fallback = "0.6")
          double minConfidence,
      @Param(value = "longer sounds are rejected as TOO_LARGE, minutes", fallback = "240")
          int maxMinutes)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;
    private static final Pattern CODE = Pattern.compile("[a-z]{2,3}");

    public Config {
      languageByPath = Collections.unmodifiableMap(new LinkedHashMap<>(languageByPath));
      modelByLanguage = Collections.unmodifiableMap(new LinkedHashMap<>(modelByLanguage));
      checkLanguage("language", language, true);
      for (Map.Entry<String, String> rule : languageByPath.entrySet()) {
        checkLanguage("language_by_path." + rule.getKey(), rule.getValue(), false);
        try {
          matcher(rule.getKey());
        } catch (IllegalArgumentException e) {
          throw new ConfigException(
              "language_by_path",
              "Transcribe.language_by_path: not a glob: " + rule.getKey() + ": " + e.getMessage());
        }
      }
      modelByLanguage.keySet().forEach(code -> checkLanguage("model_by_language", code, false));
      if (model.isBlank()) {
        throw new ConfigException("model", "Transcribe.model must be auto, a name or a path");
      }
      if (!(minConfidence >= 0 && minConfidence <= 1)) {
        throw new ConfigException(
            "min_confidence",
            "Transcribe.min_confidence must be from 0 to 1, not " + minConfidence);
      }
      if (maxMinutes < 1 || maxMinutes > 24 * 60) {
        throw new ConfigException(
            "max_minutes", "Transcribe.max_minutes must be from 1 to 1440, not " + maxMinutes);
      }
    }

    private static void checkLanguage(String key, String code, boolean auto) {
      if (!CODE.matcher(code).matches() && !(auto && code.equals(AUTO))) {
        throw new ConfigException(
            key,
            "Transcribe."
                + key
                + " must be a language code like ko or en"
                + (auto ? ", or auto" : "")
                + ", not "
                + code);
      }
    }

    /** The configuration with every parameter at its default. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    /**
     * The model it names, or those of the languages that {@code language} and {@code
     * language_by_path} name.
     */
    @Override
    public List<String> models() {
      if (!model.equals(AUTO)) {
        return List.of(model);
      }
      Set<String> reachable = new TreeSet<>();
      for (String code : language.equals(AUTO) ? languageByPath.values() : List.of(language)) {
        Optional.ofNullable(modelByLanguage.get(code)).ifPresent(reachable::add);
      }
      return List.copyOf(reachable);
    }

    /** Those of the languages that the names of these files speak for. */
    @Override
    public List<String> models(Collection<URI> sources) {
      if (!model.equals(AUTO) || !language.equals(AUTO)) {
        return models();
      }
      return sources.stream()
          .map(this::languageOf)
          .flatMap(code -> Optional.ofNullable(modelByLanguage.get(code)).stream())
          .distinct()
          .sorted()
          .toList();
    }

    @Override
    public void checkAfter(List<? extends OperatorConfig> before) {
      Needs.extractText(this, before);
    }

    @Override
    public Operator open(OperatorContext context) {
      for (String needed : models()) {
        try {
          context.models().require(needed);
        } catch (MissingModelException e) {
          if (onMissingModel == OnMissingModel.FAIL) {
            throw e;
          }
        }
      }
      return new Transcribe(this, context);
    }

    /** The language of a document's sounds, empty if nobody has said it. */
    String languageOf(Document document) {
      return languageOf(document.provenance().source());
    }

    private String languageOf(URI source) {
      if (!language.equals(AUTO)) {
        return language;
      }
      Path path;
      try {
        path = Path.of(LocalFile.path(source));
      } catch (InvalidPathException e) {
        return "";
      }
      for (Map.Entry<String, String> rule : languageByPath.entrySet()) {
        Path subject = rule.getKey().contains("/") ? path : path.getFileName();
        if (subject != null && matcher(rule.getKey()).matches(subject)) {
          return rule.getValue();
        }
      }
      return "";
    }

    private static PathMatcher matcher(String glob) {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }
  }

  private final Config config;
  private final OperatorContext context;
  private final SpeechLimits limits;
  private final Map<String, Transcriber> transcribers = new HashMap<>();
  private @Nullable SoundDecoder decoder;

  private Transcribe(Config config, OperatorContext context) {
    this.config = config;
    this.context = context;
    this.limits =
        new SpeechLimits(
            Duration.ofMinutes(config.maxMinutes()), SpeechLimits.DEFAULT.decodeTime());
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream().map(this::apply).toList();
  }

  private Outcome apply(Document given) {
    List<AudioPart> sounds = given.partsOf(AudioPart.class);
    if (sounds.isEmpty()) {
      return new Outcome.Enriched(given);
    }
    Document document = Findings.taken(given, AudioPart.class);
    String language = config.languageOf(document);
    String model =
        config.model().equals(AUTO)
            ? config.modelByLanguage().getOrDefault(language, "")
            : config.model();
    Findings findings = new Findings(config.info(), model);
    if (model.isEmpty()) {
      return without(document, sounds, findings, advice(language));
    }
    try {
      return transcribed(document, sounds, findings, transcriber(model), language);
    } catch (MissingModelException e) {
      return without(document, sounds, findings, Findings.message(e));
    } catch (ModelException e) {
      return findings.rejected(document, RejectionCode.MISSING_MODEL, Findings.message(e));
    } catch (WorkerException e) {
      return findings.rejected(document, e);
    } catch (IOException e) {
      return findings.unreadable(document, e);
    }
  }

  private Transcriber transcriber(String model) throws WorkerException {
    Transcriber known = transcribers.get(model);
    if (known != null) {
      return known;
    }
    try {
      Transcriber opened = Transcriber.open(context.models().require(model), cache());
      transcribers.put(model, opened);
      return opened;
    } catch (IOException e) {
      throw new WorkerException("INTERNAL", Findings.message(e));
    }
  }

  /** A sound nobody can hear here is still looked into: one that is broken is no use to anybody. */
  private Outcome without(
      Document document, List<AudioPart> sounds, Findings findings, String advice) {
    if (config.onMissingModel() == OnMissingModel.FAIL) {
      return findings.rejected(document, RejectionCode.MISSING_MODEL, advice);
    }
    List<Part> parts = new ArrayList<>(document.parts());
    List<Annotation> annotations = new ArrayList<>();
    for (AudioPart sound : sounds) {
      try (LocalFile file = LocalFile.of(document, sound.content(), context.contents())) {
        SoundDecoder.Measured measured = decoder().measure(file.path(), limits);
        parts.set(
            parts.indexOf(sound),
            new AudioPart(sound.id(), sound.mediaType(), sound.content(), measured.seconds()));
        measured.problems().forEach(p -> annotations.add(findings.failed(sound.id(), p)));
      } catch (WorkerException e) {
        return findings.rejected(document, e);
      } catch (IOException e) {
        return findings.unreadable(document, e);
      }
      annotations.add(findings.label(sound.id(), "skipped", advice));
    }
    return new Outcome.Enriched(
        document.withParts(parts).plus(annotations).with(findings.skipped(advice)));
  }

  private SoundDecoder decoder() throws WorkerException {
    try {
      SoundDecoder opened = decoder == null ? SoundDecoder.open(cache()) : decoder;
      decoder = opened;
      return opened;
    } catch (IOException e) {
      throw new WorkerException("INTERNAL", Findings.message(e));
    }
  }

  private Path cache() {
    return context.models().home().resolve("native");
  }

  private String advice(String language) {
    if (language.isEmpty()) {
      return "the language of this sound is not known; name it with language or language_by_path in"
          + " the config of Transcribe, and get a model for it with: dragoman model pull NAME (see:"
          + " dragoman model list)";
    }
    Optional<CatalogEntry> entry =
        context.models().catalog().entries().stream()
            .filter(model -> model.operators().contains(config.info().name()))
            .filter(model -> model.languages().contains(language))
            .findFirst();
    return entry
        .map(model ->
            String.format(
                Locale.ROOT,
                "no model is named for language %1$s; get one with: dragoman model pull %2$s, and"
                    + " name it in the config of Transcribe: model_by_language: {%1$s: %2$s}",
                language,
                model.name()))
        .orElseGet(() ->
            "no model here hears language "
                + language
                + "; put the folder of a Whisper or Vosk model for it somewhere and name it in the config of"
                + " Transcribe: model_by_language: {"
                + language
                + ": PATH}. Models that can be had with dragoman model pull: "
                + pullable());
  }

  private String pullable() {
    return context.models().catalog().entries().stream()
        .filter(model -> model.operators().contains(config.info().name()))
        .map(model -> model.name() + " (" + String.join(", ", model.languages()) + ")")
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private Outcome transcribed(
      Document document,
      List<AudioPart> sounds,
      Findings findings,
      Transcriber transcriber,
      String language)
      throws WorkerException, IOException {
    List<Part> parts = new ArrayList<>();
    List<Annotation> annotations = new ArrayList<>();
    for (Part part : document.parts()) {
      if (!(part instanceof AudioPart sound)) {
        parts.add(part);
        continue;
      }
      Transcript transcript;
      try (LocalFile file = LocalFile.of(document, sound.content(), context.contents())) {
        transcript = transcriber.transcribe(file.path(), language, limits);
      }
      PartId id =
          new PartId(sounds.size() == 1 ? "transcript" : "transcript:" + sound.id().value());
      parts.add(
          new AudioPart(
              sound.id(), sound.mediaType(), sound.content(), transcript.durationSeconds()));
      String text = write(transcript, findings, id, annotations);
      parts.add(new TextPart(id, sound.id(), TextPart.Role.TRANSCRIPT, 0, text));
      for (String problem : transcript.problems()) {
        boolean known =
            document.annotationsOf(Annotation.Label.class).stream()
                .anyMatch(label -> label.kind().equals("failed") && label.value().equals(problem));
        if (!known) {
          annotations.add(findings.failed(sound.id(), problem));
        }
      }
      if (transcript.confidence() < config.minConfidence()) {
        annotations.add(
            new Annotation.Label(
                findings.in(id),
                "low_confidence",
                String.format(
                    Locale.ROOT,
                    "the words average %.2f; is this the language of the model?",
                    transcript.confidence()),
                transcript.confidence()));
      }
    }
    return new Outcome.Enriched(document.withParts(parts).plus(annotations).with(findings.done()));
  }

  /** The text of a transcript; its intervals go to {@code annotations}. */
  static String write(
      Transcript transcript, Findings findings, PartId id, List<Annotation> annotations) {
    StringBuilder text = new StringBuilder();
    for (Transcript.Turn turn : transcript.turns()) {
      if (!text.isEmpty()) {
        text.append('\n');
      }
      int turnStart = text.length();
      List<Annotation> inTurn = new ArrayList<>();
      for (Transcript.Segment segment : turn.segments()) {
        if (text.length() > turnStart) {
          text.append(' ');
        }
        int segmentStart = text.length();
        List<Annotation> words = new ArrayList<>();
        for (SpokenWord word : segment.words()) {
          if (text.length() > segmentStart) {
            text.append(' ');
          }
          int start = text.length();
          text.append(word.text());
          words.add(
              new Annotation.Interval(
                  findings.in(id),
                  "word",
                  word.text(),
                  word.confidence(),
                  start,
                  text.length(),
                  word.startSeconds(),
                  word.endSeconds()));
        }
        inTurn.add(
            new Annotation.Interval(
                findings.in(id),
                "segment",
                text.substring(segmentStart),
                segment.confidence(),
                segmentStart,
                text.length(),
                segment.startSeconds(),
                segment.endSeconds()));
        inTurn.addAll(words);
      }
      if (transcript.speakers() > 1) {
        annotations.add(
            new Annotation.Interval(
                findings.in(id),
                "speaker",
                Integer.toString(turn.speaker()),
                Double.NaN,
                turnStart,
                text.length(),
                turn.startSeconds(),
                turn.endSeconds()));
      }
      annotations.addAll(inTurn);
    }
    return text.toString();
  }

  @Override
  public void close() {
    transcribers.values().forEach(Transcriber::close);
    transcribers.clear();
  }
}
