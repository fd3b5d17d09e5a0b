package dev.dragoman.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.models.Engine;
import dev.dragoman.models.LanguageModelOptions;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.multimodal.ocr.OcrEngine;
import dev.dragoman.multimodal.ocr.OcrSettings;
import dev.dragoman.multimodal.speech.SoundDecoder;
import dev.dragoman.pipelines.RecipeReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells what this machine has and lacks. */
@Command(
    name = "doctor",
    description = {
      "Tell what this machine has, what it lacks, and the line that installs it.",
      "Exit code 1 if something is missing that the default recipe needs."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final long ENOUGH_DISK = 2L << 30;

  @Mixin private CommonOptions common = new CommonOptions();

  /** How a thing is. */
  enum State {
    /** It is there. */
    OK,
    /** It is not there, and some things will not work. */
    MISSING,
    /** It is not there, and only few will notice. */
    OPTIONAL
  }

  /**
   * One finding.
   *
   * @param cure the line that installs it, empty if it is there
   */
  record Finding(String what, State state, String detail, String cure) {}

  private final List<Finding> findings = new ArrayList<>();

  @Override
  public Integer call() {
    machine();
    programs();
    models();
    recognition();
    sound();
    boolean missing = findings.stream().anyMatch(finding -> finding.state() == State.MISSING);
    if (common.json()) {
      findings.forEach(finding -> CommonOptions.printJson(System.out, finding));
    } else {
      for (Finding finding : findings) {
        System.out.printf(
            "%-9s %-22s %s%n",
            finding.state().name().toLowerCase(Locale.ROOT), finding.what(), finding.detail());
        if (!finding.cure().isEmpty()) {
          System.out.printf("%-9s %-22s   %s%n", "", "", finding.cure());
        }
      }
      System.out.println(
          missing ? "something is missing; the lines above install it" : "everything is there");
    }
    return missing ? ExitCode.FAILED : ExitCode.DONE;
  }

  private void ok(String what, String detail) {
    findings.add(new Finding(what, State.OK, detail, ""));
  }

  private void machine() {
    ok("Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
    Runtime runtime = Runtime.getRuntime();
    ok(
        "machine",
        runtime.availableProcessors()
            + " cores, "
            + Models.size(runtime.maxMemory())
            + " of memory for this process");
    Path home = ModelStore.atDefaultHome().home();
    try {
      Files.createDirectories(home);
      long free = Files.getFileStore(home).getUsableSpace();
      String detail = home + ", " + Models.size(free) + " free";
      if (!Files.isWritable(home)) {
        findings.add(
            new Finding(
                "model cache",
                State.MISSING,
                home + " cannot be written",
                "export DRAGOMAN_HOME=<a folder you can write>"));
      } else if (free < ENOUGH_DISK) {
        findings.add(
            new Finding(
                "model cache",
                State.OPTIONAL,
                detail + "; some models are larger",
                "export DRAGOMAN_HOME=<a folder on a larger disk>"));
      } else {
        ok("model cache", detail);
      }
    } catch (IOException e) {
      findings.add(
          new Finding(
              "model cache",
              State.MISSING,
              home + " cannot be made: " + e.getMessage(),
              "export DRAGOMAN_HOME=<a folder you can write>"));
    }
  }

  /** What some programs put around words to colour them. */
  private static final String COLOURS = "\u001B\\[[0-9;]*m";

  private void programs() {
    program(
        "pip",
        "gets models where the hub is not reached",
        "apt-get install python3-pip",
        "python3",
        "-m",
        "pip",
        "--version");
    program(
        "npm",
        "gets Dutch recognition data where the hub is not reached",
        "apt-get install npm",
        "npm",
        "--version");
    if (System.getenv("DRAGOMAN_FROM_SOURCE") != null) {
      program("Maven", "builds after a change", "apt-get install maven", "mvn", "--version");
    }
  }

  private void program(String what, String why, String cure, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0) {
        ok(what, output.lines().findFirst().orElse("").replaceAll(COLOURS + "| from .*", ""));
        return;
      }
    } catch (IOException _) {
      findings.add(new Finding(what, State.OPTIONAL, "not found; " + why, cure));
      return;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    findings.add(new Finding(what, State.OPTIONAL, "does not work; " + why, cure));
  }

  private void models() {
    ModelStore store = ModelStore.atDefaultHome();
    List<String> needed =
        RecipeReader.open("default", RecipeReader.Ends.OF_THE_RECIPE, List.of()).models();
    for (CatalogEntry entry : store.catalog().entries()) {
      String name = entry.name();
      boolean ofTheHub = !entry.pinned() && !needed.contains(name) && !store.installed(name);
      if (!entry.usable() || ofTheHub) {
        continue;
      }
      if (store.installed(name)) {
        ok("model " + name, entry.summary());
      } else {
        findings.add(
            new Finding(
                "model " + name,
                needed.contains(name) ? State.MISSING : State.OPTIONAL,
                "not installed" + (entry.pinned() ? ", " + Models.size(entry.size()) : ""),
                "dragoman model pull " + name));
      }
    }
    String embedder = "multilingual-e5-small";
    if (kernels() && store.installed(embedder)) {
      try (TextEmbedder model = TextEmbedder.open(store.require(embedder))) {
        long start = System.nanoTime();
        model.embed(List.of("one sentence to see that the engine runs"));
        ok(
            "engine",
            String.format(
                Locale.ROOT, "embeds a sentence in %.0f ms", (System.nanoTime() - start) / 1e6));
      } catch (RuntimeException e) {
        findings.add(
            new Finding(
                "engine",
                State.MISSING,
                String.valueOf(e.getMessage()),
                "dragoman model remove " + embedder + " && dragoman model pull " + embedder));
      }
    }
  }

  /** Whether models can run at all. */
  private boolean kernels() {
    try {
      int threads = LanguageModelOptions.defaults().threads();
      ok("kernels", Engine.kernels() + ", " + threads + (threads == 1 ? " thread" : " threads"));
      return true;
    } catch (ModelException e) {
      findings.add(
          new Finding(
              "kernels",
              State.MISSING,
              String.valueOf(e.getMessage()),
              "start it with ./dragoman, or Java with --add-modules jdk.incubator.vector"));
      return false;
    }
  }

  private void recognition() {
    Path page = null;
    try (OcrEngine engine = OcrEngine.open(OcrSettings.of("eng"))) {
      page = Files.createTempFile("dragoman-doctor", ".png");
      BufferedImage blank = new BufferedImage(200, 100, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(blank, "png", page.toFile());
      engine.recognize(page, "image/png", 0);
      ok("recognition", "Tesseract runs in a worker process");
    } catch (Exception e) {
      findings.add(
          new Finding(
              "recognition",
              State.MISSING,
              String.valueOf(e.getMessage()),
              "Tesseract's libraries come with Dragoman for Linux on x86-64"));
    } finally {
      if (page != null) {
        delete(page);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      file.toFile().deleteOnExit();
    }
  }

  private void sound() {
    try {
      SoundDecoder.open(ModelStore.atDefaultHome().home());
      ok("sound", "ffmpeg is unpacked");
    } catch (IOException e) {
      findings.add(
          new Finding(
              "sound",
              State.MISSING,
              String.valueOf(e.getMessage()),
              "ffmpeg comes with Dragoman for Linux on x86-64"));
    }
  }
}
