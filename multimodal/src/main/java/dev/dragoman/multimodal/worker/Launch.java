package dev.dragoman.multimodal.worker;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a worker process is started: the current JDK, the class path that the service was loaded from
 * (through an argument file, since some native libraries crash under command lines over 4 KB), and
 * an environment without the parent's secrets.
 */
final class Launch {
  /** Bound on any file a worker writes, in blocks of 512 bytes: 2 GiB. */
  private static final long FILE_BLOCKS = (2L << 30) / 512;

  private static final Path SHELL = Path.of("/bin/sh");

  /** The variables that a worker inherits; credentials and JVM options are not among them. */
  private static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LANG",
          "LANGUAGE",
          "TZ",
          "TMPDIR",
          "LD_LIBRARY_PATH",
          "TESSDATA_PREFIX",
          "PATHEXT",
          "SYSTEMROOT",
          "WINDIR",
          "COMSPEC",
          "TEMP",
          "TMP",
          "USERPROFILE",
          "NUMBER_OF_PROCESSORS");

  private final WorkerSpec spec;
  private final Path argumentFile;

  /** Writes the argument file into {@code folder}. */
  Launch(WorkerSpec spec, Path folder) throws IOException {
    this.spec = spec;
    this.argumentFile = folder.resolve("java.args");
    Files.write(argumentFile, arguments(spec).stream().map(Launch::quoted).toList());
  }

  /** Starts a process whose temporary files go to {@code temporary}. */
  Process start(Path temporary) throws IOException {
    Path java =
        Path.of(
            System.getProperty("java.home"),
            "bin",
            File.separatorChar == '\\' ? "java.exe" : "java");
    boolean shell = Files.isExecutable(SHELL);
    List<String> command = new ArrayList<>();
    if (shell) {
      command.addAll(
          List.of(
              SHELL.toString(),
              "-c",
              "ulimit -f "
                  + FILE_BLOCKS
                  + " 2>/dev/null; ulimit -c 0 2>/dev/null; exec \"$0\" \"$@\" 3>&1 1>&2"));
    }
    command.addAll(
        List.of(
            java.toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-XX:ErrorFile=" + temporary.resolve("hs_err.log"),
            "@" + argumentFile,
            spec.service().getName(),
            Long.toString(ProcessHandle.current().pid()),
            shell ? "fd3" : "stdout"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> !inherited(name));
    environment.put("OMP_THREAD_LIMIT", "1");
    return builder.start();
  }

  private static boolean inherited(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return INHERITED.contains(upper) || upper.startsWith("LC_") || upper.startsWith("DRAGOMAN_");
  }

  private static List<String> arguments(WorkerSpec spec) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "-Xmx" + spec.maxHeapMb() + "m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-Duser.language=en",
            "-Duser.country=US",
            "-Duser.timezone=UTC",
            "--enable-native-access=ALL-UNNAMED"));
    arguments.addAll(spec.jvmArgs());
    arguments.add("-cp");
    arguments.add(String.join(File.pathSeparator, classPath(spec.service().getClassLoader())));
    arguments.add(WorkerMain.class.getName());
    return arguments;
  }

  /**
   * Child-first: what the loaders of the service (a Flink task manager's user code) hold, then the
   * JVM's own class path.
   */
  static Set<String> classPath(@Nullable ClassLoader loader) {
    Set<String> path = new LinkedHashSet<>();
    for (ClassLoader each = loader; each != null; each = each.getParent()) {
      if (each instanceof URLClassLoader urls) {
        Stream.of(urls.getURLs())
            .map(Launch::file)
            .filter(file -> !file.isEmpty())
            .forEach(path::add);
      }
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        path.add(Path.of(entry).toAbsolutePath().toString());
      }
    }
    return path;
  }

  private static String file(URL url) {
    try {
      URI uri = url.toURI();
      return "file".equals(uri.getScheme()) ? Path.of(uri).toString() : "";
    } catch (URISyntaxException e) {
      return "";
    }
  }

  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
