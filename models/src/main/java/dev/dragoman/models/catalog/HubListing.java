package dev.dragoman.models.catalog;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the hub says of a repository at one commit, as far as a model is made of it: settings, the
 * tokenizer's files, and the weights as safetensors, or as PyTorch's pickles where there are no
 * safetensors. Copies for other engines are left out.
 *
 * <p>A listing comes from the network and is believed in nothing that can be checked: names must
 * stay in the folder, sizes be there and possible, digests have the right form.
 *
 * @param commit 40 hexadecimal digits
 * @param files those wanted, in path order
 */
record HubListing(String commit, List<ModelFile> files) {
  /** Bytes that a listing may have. */
  static final long LIMIT = 8 << 20;

  private static final int MOST_FILES = 2_000;
  private static final long LARGEST = 200L << 30;
  private static final long LARGEST_IN_GIT = 64L << 20;

  private static final Pattern SETTINGS =
      Pattern.compile(
          "(generation_|preprocessor_|processor_|sentence_bert_)?config\\.json"
              + "|config_sentence_transformers\\.json|modules\\.json"
              + "|chat_template\\.(json|jinja)"
              + "|tokenizer\\.json|tokenizer_config\\.json|special_tokens_map\\.json"
              + "|added_tokens\\.json|normalizer\\.json"
              + "|vocab\\.(json|txt)|merges\\.txt|(source|target)\\.spm"
              + "|(sentencepiece\\.bpe|spiece|spm|tokenizer)\\.model"
              + "|(LICENSE|LICENCE|NOTICE|USE_POLICY)(\\.(txt|md))?"
              + "|\\d_[A-Za-z]+/config\\.json");
  private static final Pattern MODULE = Pattern.compile("\\d_[A-Za-z]+/");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SHARD =
      Pattern.compile("(model|pytorch_model)-(\\d{5})-of-(\\d{5})\\.(safetensors|bin)");

  /** The weights of a folder in one form. */
  private record Form(String stem, String suffix) {
    static final List<Form> ALL =
        List.of(new Form("model", "safetensors"), new Form("pytorch_model", "bin"));

    String whole() {
      return stem + "." + suffix;
    }

    String index() {
      return whole() + ".index.json";
    }
  }

  HubListing {
    files = List.copyOf(files);
  }

  /**
   * Reads the answer of {@code /api/models/ORG/NAME/revision/main?blobs=true}.
   *
   * @throws SourceException if it cannot be believed, or holds no model that can be read
   */
  static HubListing read(Path answer, String repository) throws IOException, SourceException {
    JsonNode root;
    try {
      root = new JsonMapper().readTree(answer.toFile());
    } catch (JacksonException e) {
      throw new SourceException("an answer that is not JSON: " + e.getOriginalMessage());
    }
    String commit = root.path("sha").asText();
    if (!COMMIT.matcher(commit).matches()) {
      throw new SourceException("an answer that names no commit (\"sha\")");
    }
    JsonNode siblings = root.path("siblings");
    if (!siblings.isArray()) {
      throw new SourceException("an answer without a list of files (\"siblings\")");
    }
    if (siblings.size() > MOST_FILES) {
      throw new SourceException(
          siblings.size() + " files, more than the " + MOST_FILES + " that a model may have");
    }
    TreeMap<String, JsonNode> listed = new TreeMap<>();
    for (JsonNode sibling : siblings) {
      String path = sibling.path("rfilename").asText();
      if (!ModelFile.inside(path)) {
        throw new SourceException("a file whose name leads out of its folder: '" + path + "'");
      }
      if (listed.put(path, sibling) != null) {
        throw new SourceException("two files with the name " + path);
      }
    }
    List<ModelFile> files = new ArrayList<>();
    for (String path : wanted(listed, repository)) {
      files.add(
          file(path, Optional.ofNullable(listed.get(path)).orElseThrow(), repository, commit));
    }
    if (files.stream().mapToLong(ModelFile::size).sum() > LARGEST) {
      throw new SourceException("files of more than " + (LARGEST >> 30) + " GiB together");
    }
    return new HubListing(commit, files);
  }

  private static List<String> wanted(TreeMap<String, JsonNode> listed, String repository)
      throws SourceException {
    if (!listed.containsKey("config.json")) {
      throw new SourceException(repository + " has no config.json");
    }
    List<String> wanted = new ArrayList<>();
    List<String> weights = weights(listed, "");
    if (weights.isEmpty()) {
      throw new SourceException(
          repository
              + " has no weights that are read here: model.safetensors, pytorch_model.bin, or"
              + " all shards of one of them");
    }
    wanted.addAll(weights);
    List<String> modules =
        listed.keySet().stream()
            .map(MODULE::matcher)
            .filter(Matcher::lookingAt)
            .map(Matcher::group)
            .distinct()
            .toList();
    for (String module : modules) {
      wanted.addAll(weights(listed, module));
    }
    listed.keySet().stream().filter(path -> SETTINGS.matcher(path).matches()).forEach(wanted::add);
    return wanted.stream().sorted().toList();
  }

  /** The weights in a folder, in the first form that is whole; none if there is none. */
  private static List<String> weights(TreeMap<String, JsonNode> listed, String folder) {
    for (Form form : Form.ALL) {
      if (listed.containsKey(folder + form.whole())) {
        return List.of(folder + form.whole());
      }
      List<String> shards = shards(listed, folder, form);
      if (!shards.isEmpty() && listed.containsKey(folder + form.index())) {
        shards.add(folder + form.index());
        return shards;
      }
    }
    return List.of();
  }

  /** All shards of a form, or none if one is missing. */
  private static List<String> shards(TreeMap<String, JsonNode> listed, String folder, Form form) {
    List<String> shards = new ArrayList<>();
    int of = 0;
    for (String path : listed.keySet()) {
      if (!path.startsWith(folder)) {
        continue;
      }
      Matcher shard = SHARD.matcher(path.substring(folder.length()));
      if (shard.matches()
          && shard.group(1).equals(form.stem())
          && shard.group(4).equals(form.suffix())) {
        shards.add(path);
        of = Math.max(of, Integer.parseInt(shard.group(3)));
      }
    }
    return shards.size() == of ? shards : new ArrayList<>();
  }

  private static ModelFile file(String path, JsonNode listed, String repository, String commit)
      throws SourceException {
    JsonNode large = listed.path("lfs");
    boolean inGit = !large.isObject();
    long size = size(path, inGit ? listed : large, inGit ? LARGEST_IN_GIT : LARGEST);
    if (!inGit && listed.has("size") && listed.path("size").asLong(-1) != size) {
      throw new SourceException("two sizes for " + path);
    }
    Checksum checksum;
    try {
      checksum =
          inGit
              ? Checksum.gitBlob(listed.path("blobId").asText())
              : Checksum.sha256(large.path("sha256").asText());
    } catch (ModelException e) {
      throw new SourceException("no digest for " + path + ": " + e.getMessage());
    }
    String uri = new Location.Hub(repository, commit, path).toString();
    return new ModelFile(path, size, checksum, List.of(new Source(uri, size, checksum)));
  }

  private static long size(String path, JsonNode listed, long largest) throws SourceException {
    JsonNode size = listed.path("size");
    if (!size.isIntegralNumber()) {
      throw new SourceException("no size for " + path);
    }
    if (!size.canConvertToLong() || size.asLong() < 0 || size.asLong() > largest) {
      throw new SourceException("a size that cannot be: " + size.asText() + " bytes for " + path);
    }
    return size.asLong();
  }
}
