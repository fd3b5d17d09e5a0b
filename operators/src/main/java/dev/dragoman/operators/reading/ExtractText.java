package dev.dragoman.operators.reading;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.multimodal.read.Entry;
import dev.dragoman.multimodal.read.FileReader;
import dev.dragoman.multimodal.read.Passage;
import dev.dragoman.multimodal.read.Problem;
import dev.dragoman.multimodal.read.ReadLimits;
import dev.dragoman.multimodal.read.ReadResult;
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
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.TextPart;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Looks into files: their text, their pictures and sounds, and the files inside them. */
public final class ExtractText implements Operator {
  private static final long MIB = 1L << 20;

  /** The configuration. */
  @OperatorInfo(
      name = "ExtractText",
      version = "1",
      summary = "Reads the text of files of any kind and opens those that contain others.",
      details =
          "Adds the media type, a text for each page (`page:N`) or for the whole (`text`), and labels `title`, "
              + "`author` and `pages`. A page without a text layer and a picture become images for Ocr, a "
              + "recording becomes a sound for Transcribe; what no step after this reads stays labelled `skipped`. What is inside a container (mail attachments, "
              + "members of archives, messages of a mailbox, embedded documents) becomes documents of its "
              + "own, `container!entry`, beside the container itself. What is missing from a document that "
              + "could otherwise be read is labelled `failed`. Rejects: UNREADABLE, EMPTY, CORRUPT, "
              + "ENCRYPTED, UNSUPPORTED, TOO_LARGE, TOO_DEEP, TIMEOUT, OUT_OF_MEMORY, WORKER_CRASHED.")
  public record Config(
      @Param(
              value = "containers within containers beyond this are rejected as TOO_DEEP",
              fallback = "8")
          int maxDepth,
      @Param(value = "larger files are rejected as TOO_LARGE, MiB", fallback = "1024")
          int maxFileMb,
      @Param(value = "larger contained files are rejected as TOO_LARGE, MiB", fallback = "64")
          int maxEntryMb,
      @Param(
              value =
                  "when a file and all inside it has unpacked to this, the rest is rejected as TOO_LARGE, MiB",
              fallback = "256")
          int maxUnpackedMb,
      @Param(
              value =
                  "contained files beyond this number, over all levels, are left out and labelled",
              fallback = "10000")
          int maxEntries,
      @Param(value = "text beyond this is left out and labelled, characters", fallback = "20000000")
          int maxTextCharacters,
      @Param(value = "pages beyond this number are left out and labelled", fallback = "5000")
          int maxPages,
      @Param(value = "a file that takes longer is given up, seconds", fallback = "60")
          int fileSeconds,
      @Param(
              value =
                  "Java heap of a process that reads files, MiB; there is one a core, four at most",
              fallback = "512")
          int workerHeapMb)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      check("max_depth", maxDepth, 0, 1000);
      check("max_file_mb", maxFileMb, 1, 1 << 20);
      check("max_entry_mb", maxEntryMb, 1, 2047);
      check("max_unpacked_mb", maxUnpackedMb, 1, 1 << 20);
      check("max_entries", maxEntries, 1, Integer.MAX_VALUE);
      check("max_text_characters", maxTextCharacters, 1, Integer.MAX_VALUE);
      check("max_pages", maxPages, 1, Integer.MAX_VALUE);
      check("file_seconds", fileSeconds, 1, 24 * 3600);
      check("worker_heap_mb", workerHeapMb, 64, 1 << 20);
    }

    private static void check(String key, int value, int least, int most) {
      if (value < least || value > most) {
        throw new ConfigException(
            key,
            String.format(
                Locale.ROOT,
                "ExtractText.%s must be from %d to %d, not %d",
                key,
                least,
                most,
                value));
      }
    }

    /** The configuration with every parameter at its default. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    @Override
    public Operator open(OperatorContext context) {
      return new ExtractText(
          this,
          context,
          FileReader.open(
              FileReader.defaultSpec()
                  .withTimeLimit(Duration.ofSeconds(fileSeconds))
                  .withMaxHeapMb(workerHeapMb)));
    }
  }

  private final Config config;
  private final OperatorContext context;
  private final FileReader reader;
  private final Findings findings;

  private ExtractText(Config config, OperatorContext context, FileReader reader) {
    this.config = config;
    this.context = context;
    this.reader = reader;
    this.findings = new Findings(config.info(), "");
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream()
        .map(document ->
            document.part(PartId.FILE).isEmpty()
                ? new Outcome.Enriched(document)
                : read(document, 0, new Budget(config)))
        .toList();
  }

  /** What may still come out of one file, over all levels. */
  private static final class Budget {
    private long bytes;
    private int entries;

    Budget(Config config) {
      bytes = config.maxUnpackedMb() * MIB;
      entries = config.maxEntries();
    }

    ReadLimits limits(Config config) {
      return new ReadLimits(
          config.maxFileMb() * MIB,
          config.maxTextCharacters(),
          Math.max(1, entries),
          config.maxEntryMb() * MIB,
          Math.max(1, bytes),
          config.maxPages());
    }

    void spend(List<Entry> found) {
      for (Entry entry : found) {
        bytes -= entry.bytes().length;
        entries--;
      }
    }
  }

  private Outcome read(Document document, int depth, Budget budget) {
    ReadResult result;
    try (LocalFile file =
        LocalFile.of(document, new Content.SameAs(PartId.FILE), context.contents())) {
      result = reader.read(file.path(), LocalFile.name(document), budget.limits(config));
    } catch (WorkerException e) {
      return findings.rejected(document, e, "file_seconds", "worker_heap_mb");
    } catch (IOException e) {
      return findings.unreadable(document, e);
    }
    budget.spend(result.entries());
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(new Outcome.Enriched(enriched(document, result)));
    for (Entry entry : result.entries()) {
      Document found = contained(document, entry.path(), entry.mediaTypeHint(), entry.bytes());
      outcomes.add(
          depth + 1 > config.maxDepth()
              ? findings.rejected(
                  found,
                  RejectionCode.TOO_DEEP,
                  "it lies more than "
                      + config.maxDepth()
                      + " containers deep; unpack it, or raise ExtractText.max_depth")
              : read(found, depth + 1, budget));
    }
    for (Problem problem : result.problems()) {
      if (!problem.entry().isEmpty()) {
        outcomes.add(
            findings.rejected(
                contained(document, problem.entry(), "", new byte[0]),
                Findings.code(problem.code()),
                problem.message()));
      }
    }
    return outcomes.size() == 1 ? outcomes.getFirst() : new Outcome.Expanded(outcomes);
  }

  private static Document contained(
      Document container, String path, String mediaType, byte[] bytes) {
    String name = path.isEmpty() ? "unnamed" : path;
    return Document.ofFile(
        URI.create(container.provenance().source() + "!" + encoded(name)),
        mediaType.isEmpty() ? "application/octet-stream" : mediaType,
        bytes.length,
        Sha256.of(bytes),
        new Content.Inline(bytes));
  }

  /** Everything but letters, digits and what a path of a URI may hold, percent-encoded. */
  private static String encoded(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : path.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "-._~/@$&'()*+,;=:".indexOf(c) >= 0;
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  private Document enriched(Document document, ReadResult result) {
    String mediaType = result.mediaType();
    List<Part> parts = new ArrayList<>(document.partsOf(FilePart.class));
    Set<PartId> ids = new HashSet<>(List.of(PartId.FILE));
    Content file = new Content.SameAs(PartId.FILE);
    for (Passage passage : result.passages()) {
      PartId id = fresh(ids, passage.page() == 0 ? "text" : "page:" + passage.page());
      if (result.scannedPages().contains(passage.page())) {
        parts.add(new ImagePart(id, mediaType, file, passage.page()));
      } else if (!passage.text().isBlank()) {
        parts.add(
            new TextPart(id, PartId.FILE, TextPart.Role.BODY, passage.page(), passage.text()));
      }
    }
    if (parts.size() == 1 && mediaType.startsWith("image/")) {
      parts.add(new ImagePart(new PartId("image"), mediaType, file, 0));
    }
    if (parts.size() == 1 && isSound(mediaType)) {
      parts.add(new AudioPart(new PartId("audio"), mediaType, file, Double.NaN));
    }
    List<Annotation> labels = new ArrayList<>();
    label(labels, "title", result.title());
    label(labels, "author", result.author());
    label(labels, "pages", result.pages() == 0 ? "" : Integer.toString(result.pages()));
    Set<String> reasons = new HashSet<>();
    for (Part part : parts) {
      unread(part).filter(label -> reasons.add(label.value())).ifPresent(labels::add);
    }
    for (Problem problem : result.problems()) {
      if (problem.entry().isEmpty()) {
        labels.add(findings.failed(PartId.FILE, problem.code() + ": " + problem.message()));
      }
    }
    return document
        .withParts(parts)
        .plus(labels)
        .withProvenance(document.provenance().withMediaType(mediaType))
        .with(findings.done());
  }

  /** What is not known of a part until another operator has read it. */
  private Optional<Annotation.Label> unread(Part part) {
    return switch (part) {
      case FilePart _, TextPart _ -> Optional.empty();
      case ImagePart image ->
          Optional.of(
              findings.unread(
                  image.id(),
                  (image.page() == 0 ? "a picture was" : "pages without a text layer were")
                      + " not read; put Ocr after ExtractText"));
      case AudioPart sound ->
          Optional.of(
              findings.unread(
                  sound.id(), "a sound was not listened to; put Transcribe after ExtractText"));
    };
  }

  private void label(List<Annotation> labels, String kind, String value) {
    if (!value.isBlank()) {
      labels.add(findings.label(PartId.FILE, kind, value.strip()));
    }
  }

  private static PartId fresh(Set<PartId> ids, String wanted) {
    PartId id = new PartId(wanted);
    for (int i = 2; !ids.add(id); i++) {
      id = new PartId(wanted + "." + i);
    }
    return id;
  }

  private static boolean isSound(String mediaType) {
    return mediaType.startsWith("audio/")
        || mediaType.startsWith("video/")
        || mediaType.equals("application/ogg")
        || mediaType.equals("application/mp4")
        || mediaType.equals("application/x-matroska");
  }

  @Override
  public void close() {
    reader.close();
  }
}
