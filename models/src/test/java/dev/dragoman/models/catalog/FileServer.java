package dev.dragoman.models.catalog;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves files from memory on 127.0.0.1, with ranges, redirects and broken connections. */
final class FileServer implements AutoCloseable {
  /** What was asked for: path, range and authorisation, empty where there was none. */
  record Request(String path, String range, String authorization) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, String> redirects = new ConcurrentHashMap<>();
  private final Map<String, Integer> breaks = new ConcurrentHashMap<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile boolean ranges = true;

  FileServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  FileServer serve(String path, byte[] bytes) {
    files.put(path, bytes);
    return this;
  }

  FileServer redirect(String path, String to) {
    redirects.put(path, to);
    return this;
  }

  /** Answers for this path have this status and nothing else. */
  FileServer refuse(String path, int status) {
    refusals.put(path, status);
    return this;
  }

  /** The next answers for this path, as many as there are, end in the middle. */
  FileServer breakOff(String path, int times) {
    breaks.put(path, times);
    return this;
  }

  FileServer withoutRanges() {
    ranges = false;
    return this;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String range = header(exchange, "Range");
      requests.add(new Request(path, range, header(exchange, "Authorization")));
      String to = redirects.get(path);
      if (to != null) {
        exchange.getResponseHeaders().add("Location", to);
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      byte[] bytes = files.get(path);
      if (bytes == null || refusals.containsKey(path)) {
        exchange.sendResponseHeaders(refusals.getOrDefault(path, 404), -1);
        return;
      }
      int from = 0;
      if (ranges && range.startsWith("bytes=")) {
        from = Integer.parseInt(range.substring(6, range.indexOf('-')));
        if (from >= bytes.length) {
          exchange.sendResponseHeaders(416, -1);
          return;
        }
        exchange
            .getResponseHeaders()
            .add("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
      }
      byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
      boolean broken = breaks.merge(path, -1, Integer::sum) >= 0;
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(rest, 0, broken ? rest.length / 2 : rest.length);
        out.flush();
      }
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
