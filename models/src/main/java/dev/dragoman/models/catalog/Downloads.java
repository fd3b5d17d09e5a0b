package dev.dragoman.models.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Downloads over HTTP into a file, going on where an earlier try stopped.
 *
 * <p>Redirects are followed here and not by the client, so that a token for one host is never sent
 * to another.
 */
final class Downloads implements AutoCloseable {
  private static final int REDIRECTS = 10;
  private static final int TRIES = 4;
  private static final int BUFFER = 1 << 16;

  private final HttpClient client;
  private final Duration patience;

  /**
   * A client of its own.
   *
   * @param connecting how long a host may take to answer at all
   * @param patience how long it may then be silent
   */
  Downloads(Map<String, String> environment, Duration connecting, Duration patience) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(connecting)
            .proxy(new Proxies(environment))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.patience = patience;
  }

  /**
   * Completes a file.
   *
   * @param part the file; what it already holds is not fetched again if the server can go on
   * @param limit bytes it may have in the end
   * @param token sent to the host of the address, and to no other
   * @param progress told the bytes that are there
   * @return whether some of it was there before
   */
  boolean fetch(URI uri, Path part, long limit, @Nullable String token, LongConsumer progress)
      throws IOException, SourceException, InterruptedException {
    boolean resumed = Files.exists(part) && Files.size(part) > 0;
    for (int attempt = 1; ; attempt++) {
      long before = Files.exists(part) ? Files.size(part) : 0;
      try {
        attempt(uri, part, limit, token, progress);
        return resumed;
      } catch (HttpConnectTimeoutException e) {
        throw new SourceException(uri.getHost() + " does not answer", true);
      } catch (ConnectException e) {
        throw new SourceException(unreached(uri, e), true);
      } catch (SSLException e) {
        throw new SourceException("no secure connection: " + e.getMessage(), true);
      } catch (IOException e) {
        long now = Files.exists(part) ? Files.size(part) : 0;
        if (attempt == TRIES || now <= before) {
          throw new SourceException(
              "broken off after " + now + " bytes (" + e.getMessage() + "); a later pull goes on");
        }
        resumed = true;
      }
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }

  private void attempt(
      URI uri, Path part, long limit, @Nullable String token, LongConsumer progress)
      throws IOException, SourceException, InterruptedException {
    long from = Files.exists(part) ? Files.size(part) : 0;
    URI at = uri;
    for (int redirects = 0; redirects <= REDIRECTS; redirects++) {
      HttpResponse<InputStream> response =
          send(at, from, at.getHost().equals(uri.getHost()) ? token : null);
      try (InputStream body = response.body()) {
        switch (response.statusCode()) {
          case 200 -> {
            write(body, part, 0, limit, progress);
            return;
          }
          case 206 -> {
            if (!begins(response, from)) {
              Files.deleteIfExists(part);
              throw new SourceException("the server sent another range than asked for");
            }
            write(body, part, from, limit, progress);
            return;
          }
          case 301, 302, 303, 307, 308 -> at = redirect(at, response);
          case 416 -> {
            // Asked to go on at or after the end. If all is there, the digest will say so.
            progress.accept(from);
            return;
          }
          case 401, 403 ->
              throw new SourceException(
                  "HTTP "
                      + response.statusCode()
                      + (token == null
                          ? ": it may want an account; set HF_TOKEN"
                          : ": the account of HF_TOKEN may not read it; some models want their terms"
                              + " to be accepted on their page first"));
          case 404, 410 ->
              throw new SourceException("not there (HTTP " + response.statusCode() + ")");
          default -> throw new SourceException("HTTP " + response.statusCode());
        }
      }
    }
    throw new SourceException("more than " + REDIRECTS + " redirects");
  }

  private HttpResponse<InputStream> send(URI at, long from, @Nullable String token)
      throws IOException, InterruptedException, SourceException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at)
            .timeout(patience)
            .header("User-Agent", "dragoman")
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (HttpConnectTimeoutException e) {
      throw e;
    } catch (HttpTimeoutException e) {
      throw new SourceException(
          at.getHost() + " was silent for " + patience.toSeconds() + " s", true);
    }
  }

  private static URI redirect(URI at, HttpResponse<?> response) throws SourceException {
    URI next =
        at.resolve(
            response
                .headers()
                .firstValue("Location")
                .orElseThrow(() -> new SourceException("a redirect to nowhere")));
    boolean downgraded = "https".equals(at.getScheme()) && !"https".equals(next.getScheme());
    if (downgraded || next.getHost() == null) {
      throw new SourceException("a redirect that is not followed: " + next);
    }
    return next;
  }

  private static boolean begins(HttpResponse<?> response, long from) {
    return response
        .headers()
        .firstValue("Content-Range")
        .filter(range -> range.startsWith("bytes " + from + "-"))
        .isPresent();
  }

  private void write(InputStream body, Path part, long from, long limit, LongConsumer progress)
      throws IOException, SourceException {
    AtomicLong heard = new AtomicLong(System.nanoTime());
    Thread watch = Thread.ofVirtual().start(() -> closeWhenSilent(body, heard));
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(from);
      channel.position(from);
      byte[] buffer = new byte[BUFFER];
      long size = from;
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        heard.set(System.nanoTime());
        size += n;
        if (size > limit) {
          channel.truncate(0);
          throw new SourceException("more than the " + limit + " bytes it should have");
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        progress.accept(size);
      }
      channel.force(false);
    } finally {
      watch.interrupt();
    }
  }

  private void closeWhenSilent(InputStream body, AtomicLong heard) {
    try {
      while (System.nanoTime() - heard.get() < patience.toNanos()) {
        Thread.sleep(Math.max(1, patience.toMillis() / 10));
      }
      body.close();
    } catch (InterruptedException | IOException e) {
      // The download ended, one way or the other.
      Thread.currentThread().interrupt();
    }
  }

  private static String unreached(URI uri, ConnectException e) {
    boolean unresolved = e.getCause() instanceof UnresolvedAddressException;
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      unresolved |= cause instanceof UnresolvedAddressException;
    }
    return unresolved
        ? "the name " + uri.getHost() + " is not known in this network"
        : "no connection to " + uri.getHost();
  }
}
