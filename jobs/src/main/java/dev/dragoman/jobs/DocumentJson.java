package dev.dragoman.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.util.Locale;

/** Documents and rejections as JSON, for people and scripts to look at. */
final class DocumentJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private DocumentJson() {}

  static ObjectNode of(Rejected rejected) {
    ObjectNode json = JSON.objectNode();
    json.put("document_id", rejected.document().id().value());
    json.put("source_uri", rejected.document().provenance().source().toString());
    json.put("rejected", true);
    json.put("operator", rejected.failure().operator());
    json.put("code", rejected.failure().code().name());
    json.put("message", rejected.failure().message());
    json.put("attempts", rejected.failure().attempts());
    return json;
  }

  static ObjectNode of(Document document) {
    ObjectNode json = JSON.objectNode();
    json.put("document_id", document.id().value());
    json.put("source_uri", document.provenance().source().toString());
    json.put("media_type", document.provenance().mediaType());
    json.put("size_bytes", document.provenance().size());
    json.put("sha256", document.provenance().digest().hex());
    ArrayNode steps = json.putArray("steps");
    for (Step step : document.provenance().steps()) {
      ObjectNode node = steps.addObject();
      node.put("operator", step.operator());
      node.put("version", step.version());
      node.put("model", step.model());
      node.put("status", step.status().name().toLowerCase(Locale.ROOT));
      if (!step.note().isEmpty()) {
        node.put("note", step.note());
      }
    }
    ArrayNode parts = json.putArray("parts");
    document.parts().forEach(part -> parts.add(part(part)));
    ArrayNode annotations = json.putArray("annotations");
    document.annotations().forEach(annotation -> annotations.add(annotation(annotation)));
    return json;
  }

  private static ObjectNode part(Part part) {
    ObjectNode json = JSON.objectNode();
    json.put("id", part.id().value());
    switch (part) {
      case FilePart file -> {
        json.put("type", "file");
        json.put("content", content(file.content()));
      }
      case TextPart text -> {
        json.put("type", "text");
        json.put("role", text.role().name().toLowerCase(Locale.ROOT));
        json.put("from", text.from().value());
        page(json, text.page());
        json.put("text", text.text());
      }
      case ImagePart image -> {
        json.put("type", "image");
        json.put("media_type", image.mediaType());
        page(json, image.page());
        json.put("content", content(image.content()));
      }
      case AudioPart audio -> {
        json.put("type", "audio");
        json.put("media_type", audio.mediaType());
        number(json, "duration_seconds", audio.durationSeconds());
        json.put("content", content(audio.content()));
      }
    }
    return json;
  }

  private static String content(Content content) {
    return switch (content) {
      case Content.Inline inline -> inline.bytes().length + " bytes";
      case Content.Reference reference -> reference.uri().toString();
      case Content.SameAs same -> "same as " + same.part();
    };
  }

  private static ObjectNode annotation(Annotation annotation) {
    ObjectNode json = JSON.objectNode();
    json.put("kind", annotation.kind());
    switch (annotation) {
      case Annotation.TextSpan span -> {
        json.put("value", span.value());
        span(json, span.start(), span.end());
      }
      case Annotation.Region region -> {
        json.put("value", region.value());
        span(json, region.start(), region.end());
        page(json, region.page());
        json.put("x", region.x());
        json.put("y", region.y());
        json.put("width", region.width());
        json.put("height", region.height());
      }
      case Annotation.Interval interval -> {
        json.put("value", interval.value());
        span(json, interval.start(), interval.end());
        number(json, "start_seconds", interval.startSeconds());
        number(json, "end_seconds", interval.endSeconds());
      }
      case Annotation.Label label -> json.put("value", label.value());
      case Annotation.Rewrite rewrite -> {
        json.put("value", rewrite.value());
        if (!rewrite.language().isEmpty()) {
          json.put("language", rewrite.language());
        }
      }
      case Annotation.Chunk chunk -> {
        json.put("ordinal", chunk.ordinal());
        json.put("text", chunk.text());
        span(json, chunk.start(), chunk.end());
        page(json, chunk.page());
        number(json, "start_seconds", chunk.startSeconds());
        number(json, "end_seconds", chunk.endSeconds());
        Annotation.Embedding embedding = chunk.embedding();
        if (embedding != null) {
          json.put("embedding_model", embedding.origin().model());
          vector(json, embedding.vector());
        }
      }
      case Annotation.Embedding embedding -> vector(json, embedding.vector());
    }
    number(json, "confidence", annotation.confidence());
    json.put("part", annotation.origin().part().value());
    json.put("operator", annotation.origin().operator());
    json.put("operator_version", annotation.origin().operatorVersion());
    if (!annotation.origin().model().isEmpty()) {
      json.put("model", annotation.origin().model());
    }
    return json;
  }

  private static void vector(ObjectNode json, float[] vector) {
    ArrayNode array = json.putArray("embedding");
    for (float value : vector) {
      array.add(value);
    }
  }

  private static void span(ObjectNode json, int start, int end) {
    if (start >= 0) {
      json.put("start", start);
      json.put("end", end);
    }
  }

  private static void page(ObjectNode json, int page) {
    if (page > 0) {
      json.put("page", page);
    }
  }

  private static void number(ObjectNode json, String name, double value) {
    if (!Double.isNaN(value)) {
      json.put(name, value);
    }
  }
}
