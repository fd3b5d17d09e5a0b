package dev.dragoman.jobs;

import dev.dragoman.models.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The defaults of flags: first {@code DRAGOMAN_*} of the environment ({@code --max-rejected} is
 * {@code DRAGOMAN_MAX_REJECTED}), then {@code ~/.config/dragoman/config.yaml} ({@code max-rejected:
 * 5%}).
 */
final class Settings implements IDefaultValueProvider {
  /** Flags that can be set once and for all; the others only make sense for one command. */
  static final Set<String> KNOWN =
      Set.of(
          "runner",
          "parallelism",
          "max-rejected",
          "offline",
          "recipe",
          "mode",
          "top",
          "debug",
          "json");

  private final Map<String, String> environment;
  private final Map<String, String> file;

  private Settings(Map<String, String> environment, Map<String, String> file) {
    this.environment = environment;
    this.file = file;
  }

  /**
   * Reads the file if there is one.
   *
   * @throws UserException if it is not a flat mapping of known flags
   */
  static Settings load(Map<String, String> environment) {
    String configHome = environment.get("XDG_CONFIG_HOME");
    Path folder =
        configHome == null || configHome.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".config")
            : Path.of(configHome);
    Path path = folder.resolve("dragoman").resolve("config.yaml");
    return new Settings(environment, Files.isReadable(path) ? read(path) : Map.of());
  }

  private static Map<String, String> read(Path path) {
    Object loaded;
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(path.toString()).build();
      loaded = new Load(settings).loadFromString(Files.readString(path));
    } catch (IOException | YamlEngineException e) {
      throw new UserException(path + ": cannot be read: " + e.getMessage(), e);
    }
    Map<String, String> values = new HashMap<>();
    switch (loaded) {
      case null -> {}
      case Map<?, ?> map ->
          map.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (!KNOWN.contains(name)) {
              throw new UserException(
                  path
                      + ": there is no setting '"
                      + name
                      + "'"
                      + Nearest.hint(name, KNOWN.stream().sorted().toList()));
            }
            if (value instanceof Map || value instanceof List) {
              throw new UserException(path + ": " + name + " must be a single value");
            }
            values.put(name, String.valueOf(value));
          });
      default -> throw new UserException(path + ": must be a mapping of settings");
    }
    return values;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String name = option.longestName().replaceFirst("^--", "");
    if (!KNOWN.contains(name)) {
      return null;
    }
    String fromEnvironment =
        environment.get("DRAGOMAN_" + name.toUpperCase(Locale.ROOT).replace('-', '_'));
    return fromEnvironment != null ? fromEnvironment : file.get(name);
  }
}
