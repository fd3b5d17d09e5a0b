package dev.dragoman.multimodal.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dragoman.multimodal.worker.WorkerException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OcrWorkerTest {
  @TempDir Path folder;

  @Test
  void documentThatNeverEndsCostsOnlyItself() throws Exception {
    Path endless = endlessPdf();
    Path note = note();
    OcrSettings settings = OcrSettings.of("eng").withPageTimeLimit(Duration.ofSeconds(6));
    try (OcrEngine engine = OcrEngine.open(settings, List.of(), OcrEngineTest.CACHE)) {
      WorkerException failure =
          catchThrowableOfType(
              WorkerException.class, () -> engine.recognize(endless, "application/pdf", 0));

      assertThat(failure.code()).isEqualTo("TIMEOUT");
      assertThat(engine.recognize(note, "", 0).pages().getFirst().text()).isEqualTo("Still here");
    }
  }

  @Test
  void documentWhoseWorkersAreKilledCostsOnlyItself() throws Exception {
    Path endless = endlessPdf();
    Path note = note();
    Set<Long> others = workers();
    OcrSettings settings = OcrSettings.of("eng").withPageTimeLimit(Duration.ofSeconds(100));
    try (OcrEngine engine = OcrEngine.open(settings, List.of(), OcrEngineTest.CACHE)) {
      engine.recognize(note, "", 0);
      Set<Long> own = workers();
      own.removeAll(others);
      assertThat(own).hasSize(1);
      CompletableFuture<WorkerException> failure =
          CompletableFuture.supplyAsync(() ->
              catchThrowableOfType(
                  WorkerException.class, () -> engine.recognize(endless, "application/pdf", 0)));
      TimeUnit.SECONDS.sleep(1);
      assertThat(failure).isNotDone();
      Set<Long> before = Set.copyOf(own);
      ProcessHandle.of(own.iterator().next()).orElseThrow().destroyForcibly();
      Set<Long> again = Set.of();
      while (again.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(100);
        again = workers();
        again.removeAll(others);
        again.removeAll(before);
      }
      assertThat(failure).isNotDone();
      ProcessHandle.of(again.iterator().next()).orElseThrow().destroyForcibly();

      assertThat(failure.get().code()).isEqualTo("WORKER_CRASHED");
      assertThat(engine.recognize(note, "", 0).pages().getFirst().text()).isEqualTo("Still here");
    }
  }

  @Test
  void documentThatNeedsTooMuchMemoryCostsOnlyItself() throws Exception {
    Path large = folder.resolve("large.png");
    ImageIO.write(
        new BufferedImage(6900, 7000, BufferedImage.TYPE_BYTE_BINARY), "png", large.toFile());
    Path note = note();
    OcrSettings settings =
        new OcrSettings(List.of("eng"), 0.3, 0.5, 1, Duration.ofSeconds(100), 96);
    try (OcrEngine engine = OcrEngine.open(settings, List.of(), OcrEngineTest.CACHE)) {
      WorkerException failure =
          catchThrowableOfType(
              WorkerException.class, () -> engine.recognize(large, "image/png", 0));

      assertThat(failure.code()).isEqualTo("OUT_OF_MEMORY");
      assertThat(engine.recognize(note, "", 0).pages().getFirst().text()).isEqualTo("Still here");
    }
  }

  private static Set<Long> workers() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains(OcrService.class.getName()))
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private Path note() throws IOException {
    Path file = folder.resolve("note.png");
    ImageIO.write(OcrFilesTest.note("Still here"), "png", file.toFile());
    return file;
  }

  /** Twelve forms, each of which draws the next one ten times: 10^12 strokes from 4 kB. */
  private Path endlessPdf() throws IOException {
    Path file = folder.resolve("endless.pdf");
    try (PDDocument pdf = new PDDocument()) {
      PDFormXObject form = form(pdf, "0 0 m 9 9 l S ", null);
      for (int depth = 0; depth < 12; depth++) {
        form = form(pdf, "/F Do ".repeat(10), form);
      }
      PDPage page = new PDPage(new PDRectangle(72, 72));
      pdf.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
        content.drawForm(form);
      }
      pdf.save(file.toFile());
    }
    assertThat(Files.size(file)).isLessThan(20_000);
    return file;
  }

  private static PDFormXObject form(PDDocument pdf, String content, @Nullable PDFormXObject inner)
      throws IOException {
    PDFormXObject form = new PDFormXObject(pdf);
    form.setBBox(new PDRectangle(72, 72));
    PDResources resources = new PDResources();
    if (inner != null) {
      resources.put(COSName.getPDFName("F"), inner);
    }
    form.setResources(resources);
    try (OutputStream out = form.getContentStream().createOutputStream()) {
      out.write(content.getBytes(StandardCharsets.US_ASCII));
    }
    return form;
  }
}
