package dev.dragoman.multimodal.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A service that does what it is told, also what no service should. Requests are {@code verb
 * argument}.
 */
public final class Misbehaving implements WorkerService {

  @Override
  public byte[] serve(byte[] request) throws Exception {
    String[] words = new String(request, UTF_8).split(" ", 2);
    String argument = words.length > 1 ? words[1] : "";
    return switch (words[0]) {
      case "echo" -> argument.getBytes(UTF_8);
      case "pid" -> pid();
      case "hold" -> {
        hold(Long.parseLong(argument));
        yield pid();
      }
      case "holdAndHang" -> {
        hold(Long.parseLong(argument));
        new CountDownLatch(1).await();
        yield new byte[0];
      }
      case "property" -> System.getProperty(argument, "").getBytes(UTF_8);
      case "environment" -> String.join(" ", System.getenv().keySet()).getBytes(UTF_8);
      case "big" -> new byte[Integer.parseInt(argument)];
      case "noise" -> {
        System.out.println("from Java");
        try (FileOutputStream raw = new FileOutputStream(FileDescriptor.out)) {
          raw.write("from native code\n".repeat(10_000).getBytes(UTF_8));
        }
        yield "still clear".getBytes(UTF_8);
      }
      case "temporary" -> {
        Path file = Files.createTempFile("left", "behind");
        yield file.toString().getBytes(UTF_8);
      }
      case "child" -> {
        long pid = new ProcessBuilder("sleep", "600").start().pid();
        Files.writeString(Path.of(argument), Long.toString(pid));
        new CountDownLatch(1).await();
        yield new byte[0];
      }
      case "hang" -> {
        if (!argument.isEmpty()) {
          Files.writeString(Path.of(argument), Long.toString(ProcessHandle.current().pid()));
        }
        new CountDownLatch(1).await();
        yield new byte[0];
      }
      case "exit" -> {
        System.err.println("going down");
        System.exit(Integer.parseInt(argument));
        yield new byte[0];
      }
      case "eat" -> {
        List<byte[]> meal = new ArrayList<>();
        while (meal.size() < Integer.MAX_VALUE) {
          meal.add(new byte[1 << 20]);
        }
        yield meal.getLast();
      }
      case "recurse" -> Integer.toString(deeper(0)).getBytes(UTF_8);
      case "fill" -> {
        Path file = Files.createTempFile("bomb", "");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
          sparse.seek(Long.parseLong(argument) << 20);
          sparse.write(1);
        }
        yield Long.toString(Files.size(file)).getBytes(UTF_8);
      }
      case "refuse" -> throw new ServiceException("ENCRYPTED", "it wants a password");
      case "bug" -> throw new IllegalStateException("a bug in the service");
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private static byte[] pid() {
    return Long.toString(ProcessHandle.current().pid()).getBytes(UTF_8);
  }

  /** Takes memory outside the heap, and keeps it. */
  private static void hold(long megabytes) {
    Arena.global().allocate(megabytes << 20).fill((byte) 1);
  }

  private static int deeper(int depth) {
    return depth == Integer.MAX_VALUE ? depth : deeper(depth + 1) + 1;
  }
}
