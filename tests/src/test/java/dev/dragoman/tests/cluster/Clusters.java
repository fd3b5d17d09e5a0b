package dev.dragoman.tests.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.jobs.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What tests want to know of a cluster, and start it with. */
public final class Clusters {
  private Clusters() {}

  /** What is Flink's on the class path of this JVM, and the main class of its processes. */
  public static List<Path> flinkAlone() {
    List<String> names =
        List.of(
            "flink-",
            "dragoman-jobs-",
            "commons-cli-",
            "commons-collections-",
            "commons-compress-",
            "commons-io-",
            "commons-lang3-",
            "commons-math3-",
            "commons-text-",
            "chill-java-",
            "frocksdbjni-",
            "javassist-",
            "jsr305-",
            "kryo-",
            "lz4-java-",
            "minlog-",
            "objenesis-",
            "slf4j-",
            "snakeyaml-engine-",
            "snappy-java-");
    return LocalCluster.ownClassPath().stream()
        .filter(entry ->
            entry.endsWith(Path.of("jobs", "target", "classes"))
                || names.stream().anyMatch(String.valueOf(entry.getFileName())::startsWith))
        .toList();
  }

  /** How many TaskManagers took part in the newest job. */
  public static int workedFor(LocalCluster cluster) throws IOException {
    Set<String> workers = new HashSet<>();
    String job = cluster.get("/jobs/overview").path("jobs").path(0).path("jid").asText();
    for (JsonNode vertex : cluster.get("/jobs/" + job).path("vertices")) {
      for (JsonNode subtask :
          cluster
              .get("/jobs/" + job + "/vertices/" + vertex.path("id").asText())
              .path("subtasks")) {
        workers.add(subtask.path("taskmanager-id").asText());
      }
    }
    return workers.size();
  }
}
