package dev.dragoman.models.catalog;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses on the hub, or on what {@code HF_ENDPOINT} names in its place. */
final class Hub {
  private static final String DEFAULT = "https://huggingface.co";

  private final String base;
  private final @Nullable String token;

  Hub(Map<String, String> environment) {
    String other = environment.getOrDefault("HF_ENDPOINT", "").strip();
    this.base = other.isEmpty() ? DEFAULT : other.replaceAll("/+$", "");
    String secret = environment.getOrDefault("HF_TOKEN", "").strip();
    this.token = secret.isEmpty() ? null : secret;
  }

  /** What a user may read, if there is one. */
  @Nullable String token() {
    return token;
  }

  /** Scheme and authority: what can be reached or not. */
  String base() {
    URI uri = URI.create(base);
    return uri.getScheme() + "://" + uri.getAuthority();
  }

  /** The files of a repository's newest commit, with their sizes and digests. */
  URI listing(String repository) {
    return URI.create(base + "/api/models/" + encode(repository) + "/revision/main?blobs=true");
  }

  URI file(Location.Hub file) {
    return URI.create(
        base
            + "/"
            + file.model()
            + "/resolve/"
            + encode(file.revision())
            + "/"
            + encode(file.path()));
  }

  private static String encode(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      names.add(URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return String.join("/", names);
  }
}
