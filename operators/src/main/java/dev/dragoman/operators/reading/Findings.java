package dev.dragoman.operators.reading;

import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.operators.OperatorInfo;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import java.io.IOException;

/**
 * How one of these operators signs what it finds and what it refuses.
 *
 * @param info who it is
 * @param model the catalog name of the model used, or empty
 */
record Findings(OperatorInfo info, String model) {
  Origin in(PartId part) {
    return new Origin(part, info.name(), info.version(), model);
  }

  Annotation.Label label(PartId part, String kind, String value) {
    return new Annotation.Label(in(part), kind, value, Double.NaN);
  }

  /** Something is missing from a document that otherwise could be read. */
  Annotation.Label failed(PartId part, String message) {
    return label(part, "failed", message);
  }

  Step done() {
    return Step.done(info.name(), info.version(), model);
  }

  Step skipped(String note) {
    return Step.skipped(info.name(), info.version(), model, note);
  }

  Outcome rejected(Document document, RejectionCode code, String message) {
    return Outcome.failed(document, code, info.name(), message);
  }

  Outcome rejected(Document document, WorkerException failure) {
    return rejected(document, code(failure.code()), message(failure));
  }

  Outcome unreadable(Document document, IOException failure) {
    return rejected(
        document,
        RejectionCode.UNREADABLE,
        "the file cannot be read from where it lies: " + message(failure));
  }

  /** What an exception says, or what it is where it says nothing. */
  static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }

  static RejectionCode code(String name) {
    for (RejectionCode code : RejectionCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return RejectionCode.INTERNAL;
  }
}
