package dev.dragoman.multimodal.speech;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The ffmpeg program: the static one that is packed with Dragoman for Linux on x86-64, elsewhere
 * the one on the path.
 *
 * <p>Each run is a process of its own without a shell, without standard input, without an
 * environment, with one thread, and is killed when its time is over. Files are opened with a list
 * of allowed containers that leaves out play lists and everything else that makes ffmpeg open
 * further files or addresses.
 */
final class Ffmpeg {
  private static final String RESOURCE = "/ws/schild/jave/nativebin/ffmpeg-amd64";

  /** Containers of sound and film that hold their streams themselves. */
  private static final String FORMATS =
      "aac,ac3,eac3,aiff,amr,amrnb,amrwb,ape,asf,asf_o,au,avi,caf,dts,dtshd,dsf,flac,flv,gsm,g722,"
          + "ivf,matroska,mov,mp3,mpeg,mpegts,mpc,mpc8,mxf,nut,ogg,oma,qcp,rm,sln,sox,swf,tak,"
          + "truehd,tta,voc,w64,wav,wsd,wtv,wv,xwma";

  private static final int MAX_MESSAGES = 64 << 10;
  private static final int MAX_BLOCK_BYTES = 256 << 20;

  private final Path program;

  private Ffmpeg(Path program) {
    this.program = program;
  }

  /** The program itself. */
  Path program() {
    return program;
  }

  /** What is done with the sound while ffmpeg runs. */
  @FunctionalInterface
  interface Sink {
    /** Reads ffmpeg's standard output to its end. */
    void accept(InputStream out) throws IOException;
  }

  /**
   * How a run ended.
   *
   * @param messages what ffmpeg wrote about it, at most 64 KiB
   */
  record Run(int exit, boolean timedOut, String messages) {}

  /**
   * The ffmpeg of this machine.
   *
   * @param cache folder the packed program is unpacked into, once
   * @throws IOException if it cannot be unpacked, or if there is none; the message says what to do
   */
  static Ffmpeg open(Path cache) throws IOException {
    URL packed = Ffmpeg.class.getResource(RESOURCE);
    boolean fits =
        System.getProperty("os.name").equals("Linux")
            && List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
    return new Ffmpeg(packed != null && fits ? unpack(packed, cache) : onPath());
  }

  private static Path unpack(URL packed, Path cache) throws IOException {
    URLConnection connection = packed.openConnection();
    connection.setUseCaches(false);
    long size = connection.getContentLengthLong();
    long mark =
        connection instanceof JarURLConnection jar
            ? jar.getJarEntry().getCrc()
            : connection.getLastModified();
    Path folder = cache.resolve(String.format(Locale.ROOT, "ffmpeg-%08x-%d", mark, size));
    Path program = folder.resolve("ffmpeg");
    try (InputStream in = connection.getInputStream()) {
      if (Files.isExecutable(program) && Files.size(program) == size) {
        return program;
      }
      Files.createDirectories(folder);
      Path half = Files.createTempFile(folder, "ffmpeg", ".half");
      try {
        Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
        if (!half.toFile().setExecutable(true, true)) {
          throw new IOException("cannot make " + half + " executable");
        }
        Files.move(half, program, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        throw new IOException("its file system cannot rename files", e);
      } finally {
        Files.deleteIfExists(half);
      }
      return program;
    } catch (IOException e) {
      throw new IOException(
          "cannot unpack ffmpeg into "
              + folder
              + " ("
              + e.getMessage()
              + "); set DRAGOMAN_HOME to a folder that can be written and has 80 MB free",
          e);
    }
  }

  private static Path onPath() throws IOException {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, "ffmpeg");
      if (!folder.isEmpty() && Files.isExecutable(program)) {
        return program;
      }
    }
    throw new IOException(
        "there is no ffmpeg packed for this kind of machine and none on the path; install ffmpeg");
  }

  /** Asks what is in a file. Ends with exit 1 always, since nothing is asked to be written. */
  Run describe(Path file, Duration limit) throws IOException {
    return run(
        reading("info", file), limit, out -> out.transferTo(OutputStream.nullOutputStream()));
  }

  /**
   * Writes the first sound track as 16-bit little-endian samples, channels interleaved.
   *
   * @param length no more than this much of the sound
   */
  Run decode(Path file, int sampleRate, int channels, Duration length, Duration limit, Sink samples)
      throws IOException {
    List<String> command = reading("error", file);
    command.addAll(List.of("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1"));
    command.addAll(List.of("-t", seconds(length)));
    command.addAll(List.of("-ac", Integer.toString(channels)));
    command.addAll(List.of("-ar", Integer.toString(sampleRate)));
    command.addAll(List.of("-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"));
    return run(command, limit, samples);
  }

  private List<String> reading(String level, Path file) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-nostdin", "-hide_banner", "-nostats", "-v", level));
    command.addAll(List.of("-max_alloc", Integer.toString(MAX_BLOCK_BYTES), "-threads", "1"));
    command.addAll(List.of("-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS));
    command.addAll(List.of("-i", "file:" + file.toAbsolutePath()));
    return command;
  }

  private static Run run(List<String> command, Duration limit, Sink sink) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process = builder.start();
    AtomicBoolean timedOut = new AtomicBoolean();
    StringBuilder messages = new StringBuilder();
    Thread listener = Thread.ofVirtual().start(() -> listen(process, messages));
    Thread watchman =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                  timedOut.set(true);
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                process.destroyForcibly();
              }
            });
    try (InputStream out = process.getInputStream()) {
      sink.accept(out);
      int exit = process.waitFor();
      listener.join();
      watchman.join();
      return new Run(exit, timedOut.get(), messages.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while ffmpeg was running");
    } finally {
      process.destroyForcibly();
    }
  }

  private static void listen(Process process, StringBuilder messages) {
    try (InputStream err = process.getErrorStream()) {
      messages.append(new String(err.readNBytes(MAX_MESSAGES), UTF_8));
      err.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      messages.append(e.getMessage());
    }
  }

  private static String seconds(Duration length) {
    return String.format(Locale.ROOT, "%.3f", length.toMillis() / 1000.0);
  }
}
