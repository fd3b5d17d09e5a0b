package dev.dragoman.models.catalog;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxy that the environment names ({@code https_proxy}, {@code http_proxy}, {@code all_proxy},
 * {@code no_proxy}, in either case); where it names none, that of Java's system properties.
 */
final class Proxies extends ProxySelector {
  private final Map<String, String> environment;

  Proxies(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    if (direct(host)) {
      return List.of(Proxy.NO_PROXY);
    }
    String value = variable(uri.getScheme() + "_proxy");
    if (value == null) {
      value = variable("all_proxy");
    }
    if (value == null) {
      ProxySelector system = ProxySelector.getDefault();
      return system == null ? List.of(Proxy.NO_PROXY) : system.select(uri);
    }
    URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
    if (proxy.getHost() == null) {
      return List.of(Proxy.NO_PROXY);
    }
    int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
    return List.of(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port)));
  }

  private boolean direct(String host) {
    String exceptions = variable("no_proxy");
    if (exceptions == null) {
      return false;
    }
    for (String exception : exceptions.toLowerCase(Locale.ROOT).split(",", -1)) {
      String domain = exception.strip();
      domain = domain.startsWith("*.") ? domain.substring(1) : domain;
      if (domain.equals("*") || domain.equals(host)) {
        return true;
      }
      if (!domain.isEmpty() && host.endsWith(domain.startsWith(".") ? domain : "." + domain)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable String variable(String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      value = environment.get(name.toUpperCase(Locale.ROOT));
    }
    return value == null || value.isBlank() ? null : value.strip();
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {}
}
