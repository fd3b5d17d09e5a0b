package dev.dragoman.models.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.MissingModelException;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of the hub, whose files are pinned when they are pulled. */
class HubPullTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String LISTING = "/api/models/org/Name/revision/main";
  private static final byte[] CONFIG = "{\"model_type\": \"x\"}".getBytes(UTF_8);

  @TempDir Path home;
  private final FileServer server = new FileServer();
  private final ObjectNode answer = new JsonMapper().createObjectNode().put("sha", COMMIT);
  private final ArrayNode siblings = answer.putArray("siblings");
  private final byte[] weights = bytes(300_000, 1);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theNewestCommitIsPinnedAndEveryFileComparedWithTheListing() throws IOException {
    git("config.json", CONFIG);
    git("source.spm", bytes(2_000, 2));
    large("model.safetensors", weights);
    ModelStore store = store();
    assertThat(store.installed("m")).isFalse();
    assertThat(store.entry("m").pinned()).isFalse();
    assertThatThrownBy(() -> store.require("m"))
        .isInstanceOf(MissingModelException.class)
        .hasMessageContaining("dragoman model pull m")
        .hasMessageContaining("org/Name")
        .hasMessageContaining("models/m of DRAGOMAN_HOME");

    Path folder = pull(store);

    assertThat(folder.resolve("config.json")).hasBinaryContent(CONFIG);
    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(weights);
    assertThat(store.require("m")).isEqualTo(folder);
    assertThat(store.verify("m")).hasSize(3).allMatch(FileCheck::good);
    assertThat(store.commit("m")).hasValue(COMMIT);
    assertThat(store.entry("m").size()).isEqualTo(302_000 + CONFIG.length);
    assertThat(store.list()).singleElement().matches(model -> model.complete() && !model.own());
    assertThat(server.requests())
        .extracting(FileServer.Request::path)
        .contains(LISTING, "/org/Name/resolve/" + COMMIT + "/model.safetensors");
    assertThat(home.resolve("partial/m")).doesNotExist();
  }

  @Test
  void theDigestForLineageIsThatOfTheSameFilesPinnedByTheCatalog() throws IOException {
    git("config.json", CONFIG);
    large("model.safetensors", weights);
    ModelStore store = store();
    pull(store);

    assertThat(store.digest("m"))
        .isEqualTo(
            Digests.of(
                sha256(CONFIG) + "  config.json\n" + sha256(weights) + "  model.safetensors\n"));
  }

  @Test
  void whatWasPulledOnceIsThereWithoutANetwork() {
    git("config.json", CONFIG);
    large("model.safetensors", weights);
    Path folder = pull(store());
    int before = server.requests().size();
    ModelStore later = store();

    assertThat(pull(later)).isEqualTo(folder);
    assertThat(ModelPuller.into(later).offline(true).pull("m")).isEqualTo(folder);
    assertThat(later.verify("m")).allMatch(FileCheck::good);
    assertThat(server.requests()).hasSize(before);
  }

  @Test
  void ofAllThatARepositoryHoldsOnlyTheModelIsTaken() throws IOException {
    for (String settings :
        List.of(
            "config.json",
            "generation_config.json",
            "preprocessor_config.json",
            "tokenizer.json",
            "vocab.json",
            "merges.txt",
            "sentencepiece.bpe.model",
            "1_Pooling/config.json")) {
      git(settings, settings.getBytes(UTF_8));
    }
    large("model.safetensors", weights);
    List<String> others =
        List.of(
            "README.md",
            "pytorch_model.bin",
            "tf_model.h5",
            "flax_model.msgpack",
            "rust_model.ot",
            "model.fp16.safetensors",
            "onnx/model.onnx",
            "onnx/config.json",
            "openvino/openvino_model.bin",
            "original/consolidated.00.pth",
            "model.gguf");
    others.forEach(other -> large(other, bytes(10, 9)));
    ModelStore store = store();

    Path folder = pull(store);

    assertThat(store.verify("m")).hasSize(9).allMatch(FileCheck::good);
    assertThat(Folders.files(folder))
        .hasSize(9)
        .map(file -> folder.relativize(file).toString())
        .doesNotContainAnyElementsOf(others);
  }

  @Test
  void shardsAreTakenAllWithTheirIndex() throws IOException {
    git("config.json", CONFIG);
    git("model.safetensors.index.json", "{}".getBytes(UTF_8));
    large("model-00001-of-00002.safetensors", bytes(1_000, 3));
    large("model-00002-of-00002.safetensors", bytes(1_001, 4));
    large("pytorch_model.bin", weights);

    Path folder = pull(store());

    assertThat(Folders.files(folder))
        .map(file -> String.valueOf(file.getFileName()))
        .containsExactly(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");
  }

  @Test
  void picklesAreTakenWhereThereAreNoWholeSafetensors() throws IOException {
    git("config.json", CONFIG);
    git("model.safetensors.index.json", "{}".getBytes(UTF_8));
    large("model-00001-of-00002.safetensors", bytes(1_000, 3));
    large("pytorch_model.bin", weights);

    assertThat(Folders.files(pull(store())))
        .map(file -> String.valueOf(file.getFileName()))
        .containsExactly("config.json", "pytorch_model.bin");
  }

  @Test
  void aPullThatBrokeOffGoesOnWhereItStopped() {
    git("config.json", CONFIG);
    String path = large("model.safetensors", weights);
    server.breakOff(path, 100);
    ModelStore store = store();
    assertThatThrownBy(() -> pull(store))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("a later pull goes on");
    assertThat(store.installed("m")).isFalse();
    server.breakOff(path, 0);
    int before = server.requests().size();

    pull(store);

    assertThat(server.requests().subList(before, server.requests().size()))
        .extracting(FileServer.Request::path)
        .containsExactly(LISTING, path);
    assertThat(server.requests().getLast().range()).matches("bytes=[1-9]\\d*-");
    assertThat(store.verify("m")).allMatch(FileCheck::good);
  }

  @Test
  void whereTheRepositoryWentOnInBetweenNothingOfTheOldCommitIsInstalled() throws IOException {
    git("config.json", CONFIG);
    git("added_tokens.json", "{\"old\": 1}".getBytes(UTF_8));
    String broken = large("model.safetensors", weights);
    server.breakOff(broken, 100);
    ModelStore store = store();
    assertThatThrownBy(() -> pull(store)).isInstanceOf(PullException.class);
    String next = COMMIT.replace('0', 'f');
    answer.put("sha", next);
    siblings.removeAll();
    git("config.json", "{}".getBytes(UTF_8));
    large("model.safetensors", weights);

    Path folder = pull(store);

    assertThat(store.commit("m")).hasValue(next);
    assertThat(folder.resolve("config.json")).hasContent("{}");
    assertThat(folder.resolve("added_tokens.json")).doesNotExist();
    assertThat(server.requests().getLast().range()).as("its weights are the same").isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"config.json, git's SHA-1", "model.safetensors, SHA-256"})
  void otherBytesThanTheListingNamesAreNeverInstalled(String changed, String algorithm) {
    git("config.json", CONFIG);
    large("model.safetensors", weights);
    byte[] other = changed.equals("config.json") ? CONFIG.clone() : weights.clone();
    other[5] ^= 1;
    server.serve(resolved(changed), other);
    ModelStore store = store();

    assertThatThrownBy(() -> pull(store))
        .isInstanceOf(PullException.class)
        .hasMessageContaining(
            "hf:org/Name@"
                + COMMIT
                + "/"
                + changed
                + ": other bytes than those pinned: "
                + algorithm)
        .hasMessageContaining("models/m of DRAGOMAN_HOME");
    assertThat(home.resolve("models")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'sha': 'COMMIT', 'siblings': [{'rfilename': '../../x'}]} | leads out of its folder: '../../x'",
        "{'sha': 'COMMIT', 'siblings': [{'rfilename': '/etc/x'}]} | leads out of its folder",
        "{'sha': 'COMMIT', 'siblings': [{'rfilename': 'a\\\\b'}]} | leads out of its folder",
        "{'sha': 'COMMIT', 'siblings': [{'rfilename': 'c:b'}]} | leads out of its folder",
        "{'sha': 'COMMIT', 'siblings': [{}]} | leads out of its folder: ''",
        "{'sha': 'COMMIT', 'siblings': [{'rfilename': 'x'}, {'rfilename': 'x'}]} | two files with the name x",
        "{'sha': 'COMMIT', 'siblings': []} | has no config.json",
        "{'sha': 'COMMIT', 'siblings': [{'rfilename': 'config.json'}]} | has no weights that are read here",
        "{'sha': 'COMMIT', 'siblings': {}} | without a list of files",
        "{'sha': 'main', 'siblings': []} | names no commit",
        "[] | names no commit",
        "<html> | not JSON",
        "FILES 'size': 3} | no digest for config.json",
        "FILES 'blobId': 'BLOB'} | no size for config.json",
        "FILES 'blobId': 'BLOB', 'size': '3'} | no size for config.json",
        "FILES 'blobId': 'BLOB', 'size': -1} | a size that cannot be: -1 bytes for config.json",
        "FILES 'blobId': 'BLOB', 'size': 99999999999} | a size that cannot be",
        "FILES 'blobId': 'BLOB', 'size': 99999999999999999999999} | a size that cannot be",
        "FILES 'size': 3, 'lfs': {'size': 4, 'sha256': 'x'}} | two sizes for config.json",
        "FILES 'size': 3, 'lfs': {'size': 3, 'sha256': '../x'}} | no digest for config.json",
      })
  void aListingThatCannotBeBelievedIsRefused(String listing, String why) {
    String files =
        "{'sha': 'COMMIT', 'siblings': [{'rfilename': 'model.safetensors', 'size': 1, 'blobId':"
            + " 'BLOB'}, {'rfilename': 'config.json',";
    String json =
        (listing.startsWith("FILES") ? listing.replace("FILES", files) + "]}" : listing)
            .replace("COMMIT", COMMIT)
            .replace("BLOB", COMMIT)
            .replace('\'', '"');
    server.serve(LISTING, json.getBytes(UTF_8));

    assertThatThrownBy(() -> puller(store()).pull("m"))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("model m")
        .hasMessageContaining(why);
    assertThat(server.requests()).hasSize(1);
    assertThat(home.resolve("models")).doesNotExist();
  }

  @Test
  void thousandsOfFilesAndFloodsAreRefused() {
    for (int i = 0; i < 3_000; i++) {
      siblings.addObject().put("rfilename", "f" + i);
    }
    assertThatThrownBy(() -> pull(store())).hasMessageContaining("3000 files, more than");

    server.serve(LISTING, new byte[9 << 20]);
    assertThatThrownBy(() -> puller(store()).pull("m")).hasMessageContaining("more than the");
  }

  @Test
  void aRepositoryThatWantsAnAccountSaysSo() {
    server.serve(LISTING, CONFIG).refuse(LISTING, 401);
    assertThatThrownBy(() -> puller(store()).pull("m"))
        .hasMessageContaining("hf:org/Name@main: HTTP 401: it may want an account; set HF_TOKEN");
  }

  @Test
  void termsThatWereNotAcceptedAreNamed() {
    git("config.json", CONFIG);
    server.refuse(large("model.safetensors", weights), 403);
    serve();

    assertThatThrownBy(() ->
            ModelPuller.into(store())
                .environment(Map.of("HF_ENDPOINT", server.url("/"), "HF_TOKEN", "secret"))
                .pull("m"))
        .hasMessageContaining("HTTP 403")
        .hasMessageContaining("accepted on their page");
    assertThat(server.requests())
        .extracting(FileServer.Request::authorization)
        .containsOnly("Bearer secret");
  }

  @Test
  void aRepositoryThatIsGoneIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> puller(store()).pull("m"))
        .isInstanceOf(PullException.class)
        .hasMessage(
            "the hub did not say which files model m has:\n"
                + "  hf:org/Name@main: not there (HTTP 404)\n"
                + "where the hub is not reached, bring config.json, the tokenizer's files and the"
                + " weights of org/Name into models/m of DRAGOMAN_HOME, or into a folder that you"
                + " name in place of m");
  }

  @Test
  void aHubThatIsNotReachedIsNamed() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    List<String> failures = new ArrayList<>();
    PullListener listener =
        new PullListener() {
          @Override
          public void failed(CatalogEntry model, String source, String why) {
            failures.add(source + ": " + why);
          }
        };

    assertThatThrownBy(() ->
            ModelPuller.into(store())
                .heardBy(listener)
                .environment(Map.of("HF_ENDPOINT", "http://127.0.0.1:" + closed))
                .pull("m"))
        .hasMessageContaining("hf:org/Name@main: no connection to 127.0.0.1")
        .hasMessageContaining("models/m of DRAGOMAN_HOME");
    assertThat(failures).containsExactly("hf:org/Name@main: no connection to 127.0.0.1");
  }

  @Test
  void offlineAsksNobody() {
    git("config.json", CONFIG);
    large("model.safetensors", weights);
    serve();

    assertThatThrownBy(() -> puller(store()).offline(true).pull("m"))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("pull it once while online")
        .hasMessageContaining("not tried, offline");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void verifyFindsAFlippedByteAndALostFileComesFromTheSameCommit() throws IOException {
    git("config.json", CONFIG);
    large("model.safetensors", weights);
    ModelStore store = store();
    Path folder = pull(store);
    byte[] flipped = weights.clone();
    flipped[12_345] ^= 1;
    Files.write(folder.resolve("model.safetensors"), flipped);
    Files.delete(folder.resolve("config.json"));

    assertThat(store.verify("m"))
        .extracting(FileCheck::path, FileCheck::state)
        .containsExactly(
            tuple("config.json", FileCheck.State.MISSING),
            tuple("model.safetensors", FileCheck.State.CHANGED));
    assertThat(store.installed("m")).isFalse();
    server.serve(LISTING, "the repository went on".getBytes(UTF_8));

    puller(store).pull("m");

    assertThat(store.verify("m")).allMatch(FileCheck::good);
    assertThat(store.commit("m")).hasValue(COMMIT);
  }

  @Test
  void aPinThatCannotBeReadIsSaidByVerifyAndMadeAnewByPull() throws IOException {
    git("config.json", CONFIG);
    String path = large("model.safetensors", weights);
    ModelStore store = store();
    Path folder = pull(store);
    for (String damage :
        List.of(
            "{",
            "{}",
            "{\"repository\":\"a/b\",\"commit\":\"c\",\"pinned\":\"\",\"files\":[]}",
            "{\"repository\":\"a/b\",\"commit\":\"c\",\"pinned\":\"\",\"files\":"
                + "[{\"path\":\"../x\",\"size\":1,\"sha256\":\""
                + sha256(CONFIG)
                + "\"}]}")) {
      Files.writeString(folder.resolve(".pinned.json"), damage);
      assertThat(store.installed("m")).isFalse();
      assertThat(store.list()).singleElement().matches(model -> !model.complete());
      assertThatThrownBy(() -> store.verify("m"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("m/.pinned.json is damaged");
    }

    pull(store);

    assertThat(store.verify("m")).allMatch(FileCheck::good);
    assertThat(server.requests())
        .extracting(FileServer.Request::path)
        .as("weights that were still right are not fetched again")
        .containsOnlyOnce(path);
  }

  @Test
  void aFolderBroughtByHandCountsButCannotBeVerified() throws IOException {
    Path folder = Files.createDirectories(home.resolve("models/m"));
    ModelStore store = store();
    assertThat(store.installed("m")).as("an empty folder").isFalse();
    Files.write(folder.resolve("config.json"), CONFIG);

    assertThat(store.require("m")).isEqualTo(folder);
    assertThat(puller(store).pull("m")).isEqualTo(folder);
    assertThat(store.digest("m")).isEqualTo(Digests.of(sha256(CONFIG) + "  config.json\n"));
    assertThat(store.list()).singleElement().matches(InstalledModel::own);
    assertThatThrownBy(() -> store.verify("m"))
        .hasMessageContaining("brought by hand")
        .hasMessageContaining("dragoman model remove m");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void manyPullsAtOnceAskOnce() throws Exception {
    git("config.json", CONFIG);
    large("model.safetensors", weights);
    serve();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      Callable<Path> pull = () -> puller(store()).pull("m");
      for (Future<Path> path : threads.invokeAll(Collections.nCopies(6, pull))) {
        assertThat(path.get().resolve("model.safetensors")).hasBinaryContent(weights);
      }
    }
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void theLicenceIsShownWithTheSizeAndProgressEndsAtTheTotal() {
    git("config.json", CONFIG);
    large("model.safetensors", weights);
    serve();
    List<String> heard = new ArrayList<>();
    PullListener listener =
        new PullListener() {
          @Override
          public void licence(CatalogEntry model) {
            heard.add(model.licence().id() + " " + model.size());
          }

          @Override
          public void progress(CatalogEntry model, long done, long total) {
            heard.add(done + "/" + total);
          }
        };

    puller(store()).heardBy(listener).pull("m");

    int total = 300_000 + CONFIG.length;
    assertThat(heard).startsWith("MIT " + total, "0/" + total).endsWith(total + "/" + total);
  }

  private Path pull(ModelStore store) {
    serve();
    return puller(store).pull("m");
  }

  private void serve() {
    server.serve(LISTING, answer.toString().getBytes(UTF_8));
  }

  private ModelPuller puller(ModelStore store) {
    return ModelPuller.into(store).environment(Map.of("HF_ENDPOINT", server.url("/")));
  }

  private ModelStore store() {
    CatalogEntry entry =
        new CatalogEntry(
            "m",
            ModelTask.CAPTION,
            "A test.",
            List.of("en"),
            List.of(),
            Map.of(),
            new Licence("MIT", "https://example.org", "Take it."),
            "org/Name",
            List.of());
    return ModelStore.at(home, ModelCatalog.of(List.of(entry)));
  }

  private String resolved(String path) {
    return "/org/Name/resolve/" + answer.path("sha").asText() + "/" + path;
  }

  /** Puts a file that lies in git itself into the repository. */
  private void git(String path, byte[] bytes) {
    byte[] blob = new byte[("blob " + bytes.length + " ").length() + bytes.length];
    byte[] head = ("blob " + bytes.length + "\0").getBytes(UTF_8);
    System.arraycopy(head, 0, blob, 0, head.length);
    System.arraycopy(bytes, 0, blob, head.length, bytes.length);
    siblings
        .addObject()
        .put("rfilename", path)
        .put("size", bytes.length)
        .put("blobId", hex("SHA-1", blob));
    server.serve(resolved(path), bytes);
  }

  /** Puts a file beside git, as large files are; answers its address. */
  private String large(String path, byte[] bytes) {
    siblings
        .addObject()
        .put("rfilename", path)
        .put("size", bytes.length)
        .put("blobId", COMMIT)
        .putObject("lfs")
        .put("sha256", sha256(bytes))
        .put("size", bytes.length)
        .put("pointerSize", 134);
    server.serve(resolved(path), bytes);
    return resolved(path);
  }

  private static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    return hex("SHA-256", bytes);
  }

  private static String hex(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
