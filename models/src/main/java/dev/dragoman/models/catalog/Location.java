package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A place that has a file, written as a scheme without a host where there is a registry. */
sealed interface Location {
  /** {@code hf:org/name@revision/path}: a file of a repository on the hub. */
  record Hub(String model, String revision, String path) implements Location {
    @Override
    public String toString() {
      return "hf:" + model + "@" + revision + "/" + path;
    }
  }

  /** {@code maven:group:artifact:version!path}: an entry of a jar. */
  record Maven(String group, String artifact, String version, String path) implements Location {
    @Override
    public String toString() {
      return "maven:" + coordinates() + "!" + path;
    }

    String coordinates() {
      return group + ":" + artifact + ":" + version;
    }
  }

  /** {@code pypi:name==version!path}: an entry of a wheel. */
  record Pypi(String name, String version, String path) implements Location {
    @Override
    public String toString() {
      return "pypi:" + requirement() + "!" + path;
    }

    String requirement() {
      return name + "==" + version;
    }
  }

  /** {@code npm:name@version!path}: an entry of a package. */
  record Npm(String name, String version, String path) implements Location {
    @Override
    public String toString() {
      return "npm:" + specifier() + "!" + path;
    }

    String specifier() {
      return name + "@" + version;
    }
  }

  /** {@code https://host/file}, or {@code https://host/archive!path} for an entry of an archive. */
  record Web(URI uri, @Nullable String path) implements Location {
    @Override
    public String toString() {
      return path == null ? uri.toString() : uri + "!" + path;
    }
  }

  /** {@code file:/path}; a folder's name may be {@code *}, the last match in name order counts. */
  record Local(String pattern) implements Location {
    @Override
    public String toString() {
      return "file:" + pattern;
    }
  }

  Pattern HUB = Pattern.compile("hf:([^/@]+/[^/@]+)@([^/]+)/(.+)");
  Pattern MAVEN = Pattern.compile("maven:([^:!]+):([^:!]+):([^:!]+)!(.+)");
  Pattern PYPI = Pattern.compile("pypi:([^=!]+)==([^!]+)!(.+)");
  Pattern NPM = Pattern.compile("npm:(@?[^@!]+)@([^!]+)!(.+)");

  /**
   * Reads one location.
   *
   * @throws ModelException if it has none of the forms above
   */
  static Location parse(String text) {
    Matcher hub = HUB.matcher(text);
    if (hub.matches()) {
      return new Hub(hub.group(1), hub.group(2), hub.group(3));
    }
    Matcher maven = MAVEN.matcher(text);
    if (maven.matches()) {
      return new Maven(maven.group(1), maven.group(2), maven.group(3), maven.group(4));
    }
    Matcher pypi = PYPI.matcher(text);
    if (pypi.matches()) {
      return new Pypi(pypi.group(1), pypi.group(2), pypi.group(3));
    }
    Matcher npm = NPM.matcher(text);
    if (npm.matches()) {
      return new Npm(npm.group(1), npm.group(2), npm.group(3));
    }
    if (text.startsWith("https://") || text.startsWith("http://")) {
      int bang = text.indexOf('!');
      return bang < 0
          ? new Web(URI.create(text), null)
          : new Web(URI.create(text.substring(0, bang)), text.substring(bang + 1));
    }
    if (text.startsWith("file:/")) {
      return new Local(text.substring("file:".length()));
    }
    throw new ModelException(
        "not a source: "
            + text
            + "; it must start with hf:, maven:, pypi:, npm:, https: or file:/ and name a file");
  }
}
