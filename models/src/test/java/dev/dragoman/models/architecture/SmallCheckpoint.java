package dev.dragoman.models.architecture;

import dev.dragoman.models.format.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A small random checkpoint with what the reference computes (tests/parity/encoders.py). */
public final class SmallCheckpoint {
  private SmallCheckpoint() {}

  /** Unpacks the encoder of this name. */
  static Path unpack(String name, Path into) throws IOException {
    return unzip("/dev/dragoman/models/architecture/encoders/" + name + ".zip", into);
  }

  /** Unpacks an archive of the class path. */
  public static Path unzip(String resource, Path into) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(SmallCheckpoint.class.getResourceAsStream(resource), resource);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = into.resolve(entry.getName());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, zip.readAllBytes());
      }
    }
    return into;
  }

  /** The recorded sequences, as one batch. */
  static Batch batch(Weights golden) {
    Batch batch = new Batch();
    for (int s = 0; golden.has("ids." + s); s++) {
      addTo(batch, golden, s);
    }
    return batch;
  }

  /** One recorded sequence. */
  static void addTo(Batch batch, Weights golden, int s) {
    int[] types = ints(golden, "types." + s);
    int second = 0;
    while (second < types.length && types[second] == 0) {
      second++;
    }
    batch.addPair(ints(golden, "ids." + s), second);
  }

  /** A recorded list of whole numbers. */
  static int[] ints(Weights golden, String name) {
    float[] floats = golden.any(name).floats();
    int[] ints = new int[floats.length];
    Arrays.setAll(ints, i -> (int) floats[i]);
    return ints;
  }
}
