package dev.dragoman.operators.record;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a document came from and what was done to it since.
 *
 * @param source the file; {@code container!entry} inside a container; {@code table#row=17} for a
 *     row
 * @param mediaType as detected, or as declared until something has looked
 * @param size in bytes
 * @param digest of those bytes
 * @param steps in the order they ran
 */
public record Provenance(URI source, String mediaType, long size, Sha256 digest, List<Step> steps) {
  public Provenance {
    steps = List.copyOf(steps);
  }

  /** The same with one step more. */
  public Provenance with(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return new Provenance(source, mediaType, size, digest, more);
  }

  /** The same with another media type. */
  public Provenance withMediaType(String detected) {
    return new Provenance(source, detected, size, digest, steps);
  }
}
