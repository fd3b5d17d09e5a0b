package dev.dragoman.tests.stream;

import dev.dragoman.jobs.cluster.LocalCluster;
import dev.dragoman.tests.e2e.Cli;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store that speaks S3, on 127.0.0.1 in a process of its own, with its objects in a folder. */
final class ObjectStore implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final URI address;
  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();

  private ObjectStore(URI address, Process process) {
    this.address = address;
    this.process = process;
  }

  /** Starts one and waits until it answers. */
  static ObjectStore start(Path folder) throws IOException, InterruptedException {
    Path objects = Files.createDirectories(folder.resolve("objects"));
    URI address = URI.create("http://127.0.0.1:" + LocalCluster.freePort());
    Path settings = folder.resolve("s3proxy.conf");
    Files.writeString(
        settings,
        """
        s3proxy.endpoint=%s
        s3proxy.authorization=none
        jclouds.provider=filesystem
        jclouds.filesystem.basedir=%s
        """
            .formatted(address, objects));
    Path log = folder.resolve("s3.log");
    ObjectStore store =
        new ObjectStore(
            address,
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    Files.readString(built("class-path.txt")).strip()
                        + File.pathSeparator
                        + Cli.repository().resolve("tests/target/test-classes"),
                    ObjectStoreProcess.class.getName(),
                    Long.toString(ProcessHandle.current().pid()),
                    "--properties",
                    settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!store.answers()) {
      if (!store.process.isAlive() || System.nanoTime() > deadline) {
        store.close();
        throw new IOException("the store did not start: " + Files.readString(log));
      }
      Thread.sleep(100);
    }
    return store;
  }

  /** What processes need on their class path to read from it. */
  static List<Path> readersClassPath() throws IOException {
    List<Path> classPath = new ArrayList<>(LocalCluster.ownClassPath());
    Set<Path> there = classPath.stream().map(Path::getFileName).collect(Collectors.toSet());
    Stream.of(
            Files.readString(built("reader-class-path.txt")).strip().split(File.pathSeparator, -1))
        .map(Path::of)
        .filter(entry -> !there.contains(entry.getFileName()))
        .forEach(classPath::add);
    return classPath;
  }

  /** What processes need in their environment to read from it. */
  Map<String, String> readersEnvironment() {
    return Map.of(
        "AWS_ENDPOINT_URL_S3", address.toString(),
        "AWS_REGION", "eu-west-1",
        "AWS_ACCESS_KEY_ID", "anybody",
        "AWS_SECRET_ACCESS_KEY", "anything");
  }

  /** Makes a bucket. */
  void make(String bucket) throws IOException, InterruptedException {
    put("/" + bucket, "");
  }

  /** Puts an object into a bucket, in the place of the one that had its name. */
  void put(String bucket, String key, String text) throws IOException, InterruptedException {
    put("/" + bucket + "/" + key, text);
  }

  private void put(String path, String text) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(address.resolve(path))
                .PUT(HttpRequest.BodyPublishers.ofString(text))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      return http.send(
                  HttpRequest.newBuilder(address.resolve("/")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private static Path built(String name) {
    return Cli.repository().resolve("servers/s3/target").resolve(name);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
  }
}
