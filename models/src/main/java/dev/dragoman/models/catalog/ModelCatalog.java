package dev.dragoman.models.catalog;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The models that can be pulled by name. */
public final class ModelCatalog {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]*");
  private static final Pattern REPOSITORY =
      Pattern.compile("hf:([A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*)");
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private static final class BuiltIn {
    static final ModelCatalog CATALOG = load();

    private static ModelCatalog load() {
      return of(
          Stream.of("catalog.json", "hub.json")
              .flatMap(file -> load(file).entries().stream())
              .toList());
    }

    private static ModelCatalog load(String file) {
      try (InputStream in = ModelCatalog.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new ModelException(file + " is missing from the jar of dragoman-models");
        }
        return read(in.readAllBytes(), file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record Written(List<WrittenModel> models) {}

  private record WrittenModel(
      String name,
      ModelTask task,
      String summary,
      List<String> languages,
      List<String> operators,
      Map<String, String> prompts,
      Licence licence,
      List<String> sources,
      List<JsonNode> files) {}

  private final List<CatalogEntry> entries;

  private ModelCatalog(List<CatalogEntry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** The catalog that comes with Dragoman. */
  public static ModelCatalog builtIn() {
    return BuiltIn.CATALOG;
  }

  /** A catalog of these models. */
  public static ModelCatalog of(List<CatalogEntry> entries) {
    return new ModelCatalog(entries);
  }

  /**
   * Reads a catalog.
   *
   * @param json {@code {"models": [...]}}, UTF-8; a model's {@code sources} end in {@code /} and
   *     are completed by each file's path, a file's own {@code sources} come before them; a model
   *     without files has one source, {@code hf:ORG/NAME}, where its files are pinned when it is
   *     pulled
   * @param name what to call it in messages
   * @throws ModelException if it is not a catalog, naming the model and what is wrong
   */
  public static ModelCatalog read(byte[] json, String name) {
    Written written;
    try {
      written = JSON.readValue(json, Written.class);
    } catch (JacksonException e) {
      throw new ModelException(name + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<CatalogEntry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (WrittenModel model : written.models()) {
      if (!NAME.matcher(model.name()).matches() || !names.add(model.name())) {
        throw new ModelException(name + ": not a new, plain model name: " + model.name());
      }
      try {
        entries.add(entry(model));
      } catch (ModelException e) {
        throw new ModelException(name + ": " + model.name() + ": " + e.getMessage(), e);
      }
    }
    return new ModelCatalog(entries);
  }

  /** The models in the order of the catalog. */
  public List<CatalogEntry> entries() {
    return entries;
  }

  /** The model of this name. */
  public Optional<CatalogEntry> find(String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /**
   * The model of this name.
   *
   * @throws ModelException if there is none, naming the nearest
   */
  public CatalogEntry entry(String name) {
    return find(name).orElseThrow(() -> unknown(name));
  }

  ModelException unknown(String name) {
    return new ModelException(
        "no model is called "
            + name
            + nearest(name).map(near -> "; did you mean " + near + "?").orElse("")
            + " See: dragoman model list. A model of your own is named by its path.");
  }

  /** A model whose name holds the wanted one, else the one that is written most like it. */
  private Optional<String> nearest(String name) {
    List<String> names = entries.stream().map(CatalogEntry::name).toList();
    return names.stream()
        .filter(known -> name.length() > 2 && known.contains(name))
        .findFirst()
        .or(() -> Nearest.name(name, names));
  }

  private static CatalogEntry entry(WrittenModel model) {
    List<ModelFile> files = new ArrayList<>();
    for (JsonNode file : model.files()) {
      files.add(file(file, model.sources()));
    }
    return new CatalogEntry(
        model.name(),
        model.task(),
        model.summary(),
        model.languages(),
        model.operators(),
        model.prompts(),
        model.licence(),
        files.isEmpty() ? repository(model.sources()) : null,
        files);
  }

  private static String repository(List<String> sources) {
    Matcher hub = REPOSITORY.matcher(sources.size() == 1 ? sources.getFirst() : "");
    if (!hub.matches()) {
      throw new ModelException(
          "it has no files, and no repository on the hub as its one source: hf:ORG/NAME");
    }
    return hub.group(1);
  }

  private static ModelFile file(JsonNode file, List<String> shared) {
    String path = file.path("path").asText();
    long size = size(file, path);
    Checksum checksum = digest(file, path);
    List<Source> sources = new ArrayList<>();
    for (JsonNode source : file.path("sources")) {
      sources.add(
          source.isTextual()
              ? new Source(source.asText(), size, checksum)
              : new Source(source.path("uri").asText(), size(source, path), digest(source, path)));
    }
    for (String base : shared) {
      if (!base.endsWith("/")) {
        throw new ModelException("a source of a whole model must end in '/': " + base);
      }
      sources.add(new Source(base + path, size, checksum));
    }
    if (sources.isEmpty()) {
      throw new ModelException(path + " has no source");
    }
    sources.forEach(Source::locations);
    return new ModelFile(path, size, checksum, sources);
  }

  private static long size(JsonNode node, String path) {
    long size = node.path("size").asLong(-1);
    if (size < 0) {
      throw new ModelException(path + " has no size");
    }
    return size;
  }

  private static Checksum digest(JsonNode node, String path) {
    String digest = node.path("sha256").asText();
    if (!Checksum.Algorithm.SHA256.gives(digest)) {
      throw new ModelException(path + " has no SHA-256 of 64 hexadecimal digits");
    }
    return Checksum.sha256(digest);
  }
}
