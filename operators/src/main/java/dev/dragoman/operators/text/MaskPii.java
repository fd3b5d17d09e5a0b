package dev.dragoman.operators.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.dragoman.models.Nearest;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Chunk;
import dev.dragoman.operators.record.Annotation.Embedding;
import dev.dragoman.operators.record.Annotation.Interval;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Annotation.Region;
import dev.dragoman.operators.record.Annotation.Rewrite;
import dev.dragoman.operators.record.Annotation.TextSpan;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Finds personal data by rules with checksums, and masks it. */
public final class MaskPii implements Operator {
  static final String NAME = "MaskPii";
  static final String VERSION = "1";

  /** The environment variable that holds the key for pseudonyms. */
  public static final String KEY_VARIABLE = "DRAGOMAN_PII_KEY";

  /** The shortest key, in characters: the secret must not be guessable. */
  private static final int SHORTEST_KEY = 16;

  /** What becomes of personal data. */
  public enum Policy {
    /** {@code [IBAN]}. */
    REDACT,
    /** {@code [iban:3f9a1c5d2b7e8a04]}: equal for equal values, of no use without the key. */
    PSEUDONYMIZE,
    /** It is annotated and stays as it is. */
    TAG
  }

  /** How much has to speak for nine digits to be a citizen service number. */
  public enum BsnRule {
    /** The eleven-test and a word beside it. */
    CONTEXT,
    /** The eleven-test alone, which one number in eleven passes. */
    CHECKSUM
  }

  /** What to look for and what to do with it. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary =
          "Finds e-mail addresses, phone numbers, bank accounts, citizen service numbers, payment"
              + " cards, internet addresses and postcodes, and masks them.",
      details =
          "Adds a span for every finding, whose kind says what it is and whose value is what it was"
              + " replaced by, never the finding itself; and, unless the policy is tag, a rewrite of"
              + " kind masked with the whole text masked (and masked_title where the title held"
              + " something). The text itself stays as it is, unless replace_text is true: then the"
              + " text, the title and every other value are masked in place, bytes that travel with"
              + " the document are dropped, and nothing raw goes further; Chunk and Embed have to"
              + " come after it. Names and street addresses are not found.")
  public record Config(
      @Param(
              value =
                  "What becomes of a finding: redact writes its kind, as in [IBAN]; pseudonymize"
                      + " writes a keyed hash that is the same for the same value in every"
                      + " document, as in [iban:3f9a1c5d2b7e8a04]; tag only adds the spans.",
              fallback = "\"redact\"")
          Policy policy,
      @Param(
              value = "The kinds to look for.",
              fallback =
                  "[\"email\", \"phone\", \"iban\", \"bsn\", \"card\", \"ip\", \"postcode\"]")
          List<PiiKind> kinds,
      @Param(
              value =
                  "The countries, as ISO 3166 codes, whose phone numbers are understood without a"
                      + " country code. A number that is valid in several belongs to the first.",
              fallback = "[\"NL\", \"BE\", \"GB\", \"US\", \"PT\", \"DE\"]")
          List<String> regions,
      @Param(
              value =
                  "How nine digits become a Dutch citizen service number: context asks for a word"
                      + " such as BSN or burgerservicenummer beside them; checksum takes all that"
                      + " pass the eleven-test, which is one number in eleven.",
              fallback = "\"context\"")
          BsnRule bsn,
      @Param(
              value =
                  "Masks the text of the document itself, so that nothing raw goes further. Needs"
                      + " the policy redact or pseudonymize.",
              fallback = "false")
          boolean replaceText,
      @Param(
              value =
                  "The secret for pseudonymize, at least 16 characters. Empty takes it from the"
                      + " environment variable DRAGOMAN_PII_KEY, which keeps it out of the recipe.",
              fallback = "\"\"")
          String key)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      kinds = List.copyOf(kinds);
      regions = List.copyOf(regions);
      if (kinds.isEmpty()) {
        throw new ConfigException("kinds", NAME + ".kinds must name at least one kind");
      }
      var supported = new TreeSet<>(PhoneNumberUtil.getInstance().getSupportedRegions());
      for (String region : regions) {
        if (!supported.contains(region)) {
          throw new ConfigException(
              "regions",
              NAME
                  + ".regions: there is no country '"
                  + region
                  + "'"
                  + Nearest.name(region, supported)
                      .map(near -> "; did you mean '" + near + "'?")
                      .orElse("; use ISO 3166 codes such as NL"));
        }
      }
      if (replaceText && policy == Policy.TAG) {
        throw new ConfigException(
            "replace_text",
            NAME + ".replace_text needs the policy redact or pseudonymize; tag replaces nothing");
      }
      key = policy == Policy.PSEUDONYMIZE ? secret(key, System.getenv(KEY_VARIABLE)) : "";
    }

    /** Every parameter at its default: everything is found and redacted. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    /**
     * The key to use, read here so that workers on other machines get it with the configuration.
     */
    static String secret(String configured, @Nullable String environment) {
      String key = configured.isEmpty() && environment != null ? environment : configured;
      if (key.isEmpty()) {
        throw new ConfigException(
            "key",
            NAME
                + " with policy pseudonymize needs a secret: set the environment variable "
                + KEY_VARIABLE
                + " or the parameter 'key' (at least "
                + SHORTEST_KEY
                + " characters; 'openssl rand -hex 32' makes one)");
      }
      if (key.length() < SHORTEST_KEY) {
        throw new ConfigException(
            "key",
            NAME
                + ".key (or "
                + KEY_VARIABLE
                + ") must have at least "
                + SHORTEST_KEY
                + " characters, not "
                + key.length());
      }
      return key;
    }

    @Override
    public MaskPii open(OperatorContext context) {
      return new MaskPii(this);
    }

    @Override
    public void checkAfter(List<? extends OperatorConfig> before) {
      for (OperatorConfig earlier : before) {
        String name = earlier.info().name();
        if (replaceText && (name.equals("Chunk") || name.equals("Embed"))) {
          throw new ConfigException("replace_text", tooLate(name));
        }
      }
    }

    /** Everything but the key. */
    @Override
    public String toString() {
      return "MaskPii.Config[policy=%s, kinds=%s, regions=%s, bsn=%s, replaceText=%s]"
          .formatted(policy, kinds, regions, bsn, replaceText);
    }
  }

  private final Config config;
  private final PiiFinder finder;
  private final @Nullable Mac mac;

  private MaskPii(Config config) {
    this.config = config;
    this.finder =
        new PiiFinder(EnumSet.copyOf(config.kinds), config.regions, config.bsn == BsnRule.CHECKSUM);
    this.mac = config.policy == Policy.PSEUDONYMIZE ? mac(config.key) : null;
  }

  private static Mac mac(String key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }

  private static String tooLate(String what) {
    return NAME
        + " with replace_text must stand before Chunk and Embed in the recipe: what "
        + what
        + " made still holds the raw text";
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream().map(this::apply).toList();
  }

  private Outcome apply(Document document) {
    if (config.replaceText) {
      for (Annotation annotation : document.annotations()) {
        if (annotation instanceof Chunk || annotation instanceof Embedding) {
          String maker = annotation.origin().operator();
          return Outcome.failed(document, RejectionCode.UNSUPPORTED, NAME, tooLate(maker));
        }
      }
    }
    Map<PartId, Masked> masked = new HashMap<>();
    List<String> texts = new ArrayList<>();
    for (TextPart part : document.textParts()) {
      Masked text = mask(part.text());
      masked.put(part.id(), text);
      texts.add(text.edited.text());
    }
    Document result = config.replaceText ? replaced(document, masked) : document;
    return new Outcome.Enriched(
        result.plus(findings(document, masked, texts)).with(Step.done(NAME, VERSION, "")));
  }

  private List<Annotation> findings(
      Document document, Map<PartId, Masked> masked, List<String> texts) {
    List<Annotation> findings = new ArrayList<>();
    for (TextPart part : document.textParts()) {
      Origin origin = new Origin(part.id(), NAME, VERSION, "");
      Masked text = masked.getOrDefault(part.id(), Masked.NOTHING);
      for (Pii pii : text.found) {
        int start = config.replaceText ? text.edited.start(pii.start()) : pii.start();
        int end = config.replaceText ? text.edited.end(pii.end()) : pii.end();
        findings.add(
            new TextSpan(
                origin, pii.kind().annotation(), token(pii), pii.confidence(), start, end));
      }
    }
    if (config.policy != Policy.TAG && !document.parts().isEmpty()) {
      PartId part = document.parts().getFirst().id();
      if (!texts.isEmpty()) {
        part = document.textParts().getFirst().id();
        findings.add(
            rewrite(part, "masked", String.join(Document.PART_SEPARATOR, texts), document));
      }
      String title = document.label("title").map(Label::value).orElse("");
      String maskedTitle = mask(title).edited.text();
      if (!maskedTitle.equals(title)) {
        findings.add(rewrite(part, "masked_title", maskedTitle, document));
      }
    }
    return findings;
  }

  private static Rewrite rewrite(PartId part, String kind, String value, Document document) {
    String language = document.label("language").map(Label::value).orElse("");
    return new Rewrite(
        new Origin(part, NAME, VERSION, ""),
        kind,
        value,
        language.equals(DetectLanguage.UNDETERMINED) ? "" : language,
        Double.NaN);
  }

  private Masked mask(String text) {
    List<Pii> found = finder.find(text);
    EditedText.Editor editor = new EditedText.Editor(text);
    found.forEach(pii -> editor.replace(pii.start(), pii.end(), token(pii)));
    return new Masked(found, editor.done());
  }

  private String token(Pii pii) {
    String kind = pii.kind().annotation();
    if (mac == null) {
      return "[" + kind.toUpperCase(Locale.ROOT) + "]";
    }
    byte[] hash = mac.doFinal((kind + '\0' + pii.value()).getBytes(UTF_8));
    return "[" + kind + ":" + HexFormat.of().formatHex(hash, 0, 8) + "]";
  }

  /** The document with nothing raw left in its texts, its annotations or its bytes. */
  private Document replaced(Document document, Map<PartId, Masked> masked) {
    Map<PartId, RewrittenPart> rewritten = new HashMap<>();
    List<Part> parts = new ArrayList<>();
    for (Part part : document.parts()) {
      parts.add(
          switch (part) {
            case TextPart text -> {
              EditedText edited = masked.getOrDefault(text.id(), Masked.NOTHING).edited;
              rewritten.put(
                  text.id(),
                  new RewrittenPart(text.text(), edited.text(), EditedText.chain(List.of(edited))));
              yield text.withText(edited.text());
            }
            case FilePart file -> new FilePart(file.id(), withoutBytes(file.content(), document));
            case ImagePart image ->
                new ImagePart(
                    image.id(),
                    image.mediaType(),
                    withoutBytes(image.content(), document),
                    image.page());
            case AudioPart audio ->
                new AudioPart(
                    audio.id(),
                    audio.mediaType(),
                    withoutBytes(audio.content(), document),
                    audio.durationSeconds());
          });
    }
    List<Annotation> annotations = new ArrayList<>();
    for (Annotation annotation : document.annotations()) {
      PartId about = annotation.origin().part();
      RewrittenPart part = rewritten.get(about);
      Annotation moved = part == null ? annotation : part.move(annotation);
      boolean touched =
          masked.getOrDefault(about, Masked.NOTHING).found.stream()
              .anyMatch(pii -> covers(annotation, pii));
      annotations.add(
          touched && part != null ? quoting(moved, part.after()) : withMaskedValue(moved));
    }
    return document
        .withParts(parts)
        .withAnnotations(annotations)
        .withProvenance(document.provenance().withOriginal(null));
  }

  private static Content withoutBytes(Content content, Document document) {
    return switch (content) {
      case Content.Inline inline ->
          new Content.Reference(
              document.provenance().source(), inline.bytes().length, Sha256.of(inline.bytes()));
      case Content.Reference reference -> reference;
      case Content.SameAs same -> same;
    };
  }

  private static boolean covers(Annotation annotation, Pii pii) {
    return switch (annotation) {
      case TextSpan a -> pii.overlaps(a.start(), a.end());
      case Region a -> pii.overlaps(a.start(), a.end());
      case Interval a -> pii.overlaps(a.start(), a.end());
      case Chunk a -> pii.overlaps(a.start(), a.end());
      case Label _, Rewrite _, Embedding _ -> false;
    };
  }

  /** The annotation with the words it points at for its value. */
  private static Annotation quoting(Annotation annotation, String text) {
    return switch (annotation) {
      case TextSpan a -> withValue(a, text.substring(a.start(), a.end()));
      case Region a -> withValue(a, text.substring(a.start(), a.end()));
      case Interval a -> withValue(a, text.substring(a.start(), a.end()));
      case Chunk _, Label _, Rewrite _, Embedding _ -> annotation;
    };
  }

  private Annotation withMaskedValue(Annotation annotation) {
    return switch (annotation) {
      case TextSpan a -> withValue(a, mask(a.value()).edited.text());
      case Region a -> withValue(a, mask(a.value()).edited.text());
      case Interval a -> withValue(a, mask(a.value()).edited.text());
      case Label a -> withValue(a, maskCell(a.kind(), a.value()));
      case Rewrite a ->
          new Rewrite(
              a.origin(), a.kind(), mask(a.value()).edited.text(), a.language(), a.confidence());
      case Chunk _, Embedding _ -> annotation;
    };
  }

  /** Masks a label; the name of a mapped column counts as words before its value. */
  private String maskCell(String kind, String value) {
    if (!kind.startsWith(DocumentColumns.FIELD_PREFIX)) {
      return mask(value).edited.text();
    }
    String named = kind.substring(DocumentColumns.FIELD_PREFIX.length()).replace('_', ' ') + ": ";
    EditedText.Editor editor = new EditedText.Editor(named + value);
    for (Pii pii : finder.find(named + value)) {
      if (pii.start() >= named.length()) {
        editor.replace(pii.start(), pii.end(), token(pii));
      }
    }
    return editor.done().text().substring(named.length());
  }

  private static Annotation withValue(TextSpan a, String value) {
    return new TextSpan(a.origin(), a.kind(), value, a.confidence(), a.start(), a.end());
  }

  private static Annotation withValue(Region a, String value) {
    return new Region(
        a.origin(),
        a.kind(),
        value,
        a.confidence(),
        a.start(),
        a.end(),
        a.page(),
        a.x(),
        a.y(),
        a.width(),
        a.height());
  }

  private static Annotation withValue(Interval a, String value) {
    return new Interval(
        a.origin(),
        a.kind(),
        value,
        a.confidence(),
        a.start(),
        a.end(),
        a.startSeconds(),
        a.endSeconds());
  }

  private static Annotation withValue(Label a, String value) {
    return new Label(a.origin(), a.kind(), value, a.confidence());
  }

  @Override
  public void close() {}

  private record Masked(List<Pii> found, EditedText edited) {
    static final Masked NOTHING = new Masked(List.of(), new EditedText.Editor("").done());
  }
}
