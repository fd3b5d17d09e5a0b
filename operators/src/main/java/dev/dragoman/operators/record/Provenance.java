package dev.dragoman.operators.record;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a document came from and what was done to it since.
 *
 * @param source the file; {@code container!entry} inside a container; {@code table#row=17} for a
 *     row; {@code kafka:TOPIC/PARTITION#offset=17} for a message
 * @param mediaType as detected, or as declared until something has looked
 * @param size in bytes
 * @param digest of those bytes
 * @param steps in the order they ran
 * @param original the message it came as, for documents that came as messages; it travels with the
 *     document so that a step that fails later can give back what was sent, which may be gone from
 *     the topic by then
 */
public record Provenance(
    URI source,
    String mediaType,
    long size,
    Sha256 digest,
    List<Step> steps,
    @Nullable Original original) {
  public Provenance {
    steps = List.copyOf(steps);
  }

  /** Of a document that did not come as a message. */
  public Provenance(URI source, String mediaType, long size, Sha256 digest, List<Step> steps) {
    this(source, mediaType, size, digest, steps, null);
  }

  /** The same with one step more. */
  public Provenance with(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return new Provenance(source, mediaType, size, digest, more, original);
  }

  /** The same with another media type. */
  public Provenance withMediaType(String detected) {
    return new Provenance(source, detected, size, digest, steps, original);
  }

  /** The same as another message, or as none. */
  public Provenance withOriginal(@Nullable Original message) {
    return new Provenance(source, mediaType, size, digest, steps, message);
  }

  /** The same before any step has run. */
  public Provenance withoutSteps() {
    return new Provenance(source, mediaType, size, digest, List.of(), original);
  }
}
