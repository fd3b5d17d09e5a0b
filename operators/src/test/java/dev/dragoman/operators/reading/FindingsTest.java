package dev.dragoman.operators.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.RejectionCode;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FindingsTest {
  private static final Findings FINDINGS = new Findings(ExtractText.Config.defaults().info(), "");
  private static final Document DOCUMENT =
      Document.ofText(URI.create("file:///a.txt"), "text/plain", "a");

  private static Failure failure(String code) {
    Outcome outcome =
        FINDINGS.rejected(
            DOCUMENT, new WorkerException(code, "it failed"), "file_seconds", "worker_heap_mb");
    return ((Outcome.Failed) outcome).rejected().failure();
  }

  @ParameterizedTest
  @EnumSource
  void aWorkersCodeIsKept(RejectionCode code) {
    assertThat(failure(code.name()).code()).isEqualTo(code);
    assertThat(failure(code.name()).message()).startsWith("it failed");
  }

  @ParameterizedTest
  @CsvSource({
    "TIMEOUT, ExtractText.file_seconds",
    "OUT_OF_MEMORY, ExtractText.worker_heap_mb",
    "WORKER_CRASHED, replay"
  })
  void aLimitIsNamedByTheParameterThatSetsIt(String code, String told) {
    assertThat(failure(code).message()).contains(told);
  }

  @ParameterizedTest
  @CsvSource({"NO_SUCH_CODE", "timeout"})
  void aCodeThatNobodyKnowsIsOurFault(String code) {
    assertThat(failure(code).code()).isEqualTo(RejectionCode.INTERNAL);
  }
}
