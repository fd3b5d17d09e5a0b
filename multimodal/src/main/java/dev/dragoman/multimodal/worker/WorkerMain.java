package dev.dragoman.multimodal.worker;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The other end of the pipe: the main class of a worker process. */
final class WorkerMain {
  private static final int DETAIL_CHARACTERS = 16_384;

  private WorkerMain() {}

  /**
   * Serves until standard input ends.
   *
   * @param arguments the service's class name, the parent's process id, where answers go: {@code
   *     fd3} or {@code stdout}
   */
  public static void main(String[] arguments) throws Exception {
    InputStream requests = new FileInputStream(FileDescriptor.in);
    OutputStream answers =
        arguments[2].equals("fd3")
            ? new FileOutputStream("/dev/fd/3")
            : new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err);
    System.setIn(InputStream.nullInputStream());
    watch(Long.parseLong(arguments[1]));

    WorkerService service =
        Class.forName(arguments[0]).asSubclass(WorkerService.class).getConstructor().newInstance();
    DataOutputStream out = new DataOutputStream(answers);
    out.writeInt(Wire.READY);
    out.flush();

    LinkedBlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(new DataInputStream(requests), queue), "requests");
    reader.setDaemon(true);
    reader.start();
    while (true) {
      answer(service, queue.take(), out);
    }
  }

  /** A separate thread, so that the end of the stream is seen while a request is being served. */
  private static void read(DataInputStream in, LinkedBlockingQueue<byte[]> queue) {
    try {
      while (true) {
        byte[] request = new byte[in.readInt()];
        in.readFully(request);
        queue.add(request);
      }
    } catch (EOFException e) {
      stop();
    } catch (IOException e) {
      e.printStackTrace();
      stop();
    }
  }

  /** Pipes can outlive a parent when something else inherited them; its process id cannot. */
  private static void watch(long parent) {
    if (ProcessHandle.of(parent).isEmpty()) {
      return; // processes are hidden from each other here; the end of standard input has to do
    }
    Thread watchdog =
        new Thread(
            () -> {
              while (ProcessHandle.of(parent).map(ProcessHandle::isAlive).orElse(false)) {
                try {
                  TimeUnit.SECONDS.sleep(2);
                } catch (InterruptedException e) {
                  break;
                }
              }
              stop();
            },
            "parent");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  private static void stop() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Folders.delete(Path.of(System.getProperty("java.io.tmpdir")));
    Runtime.getRuntime().halt(0);
  }

  private static void answer(WorkerService service, byte[] request, DataOutputStream out)
      throws IOException {
    int kind;
    byte[] payload;
    try {
      payload = service.serve(request);
      kind = Wire.ANSWER;
    } catch (ServiceException e) {
      payload = failure(e.code(), String.valueOf(e.getMessage()), e);
      kind = Wire.FAILURE;
    } catch (StackOverflowError e) {
      payload =
          failure(
              "OUT_OF_MEMORY",
              "it is nested too deeply: reading it used up the stack of the worker process",
              e);
      kind = Wire.FATAL;
    } catch (OutOfMemoryError e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(Wire.EXIT_OUT_OF_MEMORY);
      throw e;
    } catch (Error e) {
      payload = failure("INTERNAL", e.toString(), e);
      kind = Wire.FATAL;
    } catch (Exception e) {
      payload = failure("INTERNAL", e.toString(), e);
      kind = Wire.FAILURE;
    }
    out.write(kind);
    out.writeInt(payload.length);
    out.write(payload);
    out.flush();
  }

  private static byte[] failure(String code, String message, Throwable cause) throws IOException {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (String part : new String[] {code, message, trace.toString()}) {
      byte[] utf8 =
          part.substring(0, Math.min(part.length(), DETAIL_CHARACTERS))
              .getBytes(StandardCharsets.UTF_8);
      out.writeInt(utf8.length);
      out.write(utf8);
    }
    return bytes.toByteArray();
  }
}
