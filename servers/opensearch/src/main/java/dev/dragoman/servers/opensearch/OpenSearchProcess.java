package dev.dragoman.servers.opensearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/** One node that ends with the process that started it. */
public final class OpenSearchProcess {
  private OpenSearchProcess() {}

  private static final class LocalNode extends Node {
    LocalNode(Environment environment) {
      super(
          environment,
          List.of(
              new PluginInfo(
                  "transport-netty4",
                  "HTTP and transport",
                  Version.CURRENT.toString(),
                  Version.CURRENT,
                  "21",
                  Netty4ModulePlugin.class.getName(),
                  List.of(),
                  false)),
          true);
    }
  }

  /**
   * Runs until it is killed.
   *
   * @param arguments the folder of the node, the port for HTTP, the process to live as long as, the
   *     address to listen at
   */
  public static void main(String[] arguments)
      throws IOException, NodeValidationException, InterruptedException {
    Path home = Files.createDirectories(Path.of(arguments[0]));
    Files.createDirectories(home.resolve("config"));
    ProcessHandle.of(Long.parseLong(arguments[2]))
        .ifPresentOrElse(
            starter -> starter.onExit().thenRun(() -> Runtime.getRuntime().halt(1)),
            () -> Runtime.getRuntime().halt(1));
    Settings settings =
        Settings.builder()
            .put("path.home", home.toString())
            .put("cluster.name", "dragoman-tests")
            .put("node.name", "one")
            .put("discovery.type", "single-node")
            .put("network.host", arguments[3])
            .put("http.port", arguments[1])
            .put("transport.port", "0")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .put("action.auto_create_index", true)
            .build();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), home.resolve("config"), () -> "one");
    try (LocalNode node = new LocalNode(environment)) {
      node.start();
      // A node's own threads do not keep the process.
      new CountDownLatch(1).await();
    }
  }
}
