package dev.dragoman.tests.stream;

import java.util.Arrays;

/** The main class of a store's process: S3Proxy's own, and an end when the starter ends. */
final class ObjectStoreProcess {
  private ObjectStoreProcess() {}

  /**
   * Runs until it is killed.
   *
   * @param arguments the process to live as long as, and those of S3Proxy, which is not on the
   *     class path of this module
   */
  public static void main(String[] arguments) throws Exception {
    ProcessHandle.of(Long.parseLong(arguments[0]))
        .ifPresentOrElse(
            starter -> starter.onExit().thenRun(() -> Runtime.getRuntime().halt(1)),
            () -> Runtime.getRuntime().halt(1));
    Class.forName("org.gaul.s3proxy.Main")
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }
}
