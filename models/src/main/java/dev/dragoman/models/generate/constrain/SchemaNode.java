package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;

/** A schema at its place in the document; the same only as itself. */
final class SchemaNode {
  private final JsonNode json;
  private final String pointer;
  private final URI base;

  SchemaNode(JsonNode json, String pointer, URI base) {
    this.json = json;
    this.pointer = pointer;
    this.base = base;
  }

  JsonNode json() {
    return json;
  }

  /** JSON pointer, "" for the document's root. */
  String pointer() {
    return pointer;
  }

  /** What its references are relative to. */
  URI base() {
    return base;
  }
}
