package dev.dragoman.models.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to get a file, and what must come out of it.
 *
 * @param uri as written in the catalog: one location, or several joined by {@code " + "} whose
 *     bytes follow each other; a final {@code |gunzip} says that they are unpacked
 * @param size bytes of the file
 * @param checksum of the file
 */
public record Source(String uri, long size, Checksum checksum) {
  private static final String GUNZIP = "|gunzip";

  boolean packed() {
    return uri.endsWith(GUNZIP);
  }

  List<Location> locations() {
    String plain = packed() ? uri.substring(0, uri.length() - GUNZIP.length()) : uri;
    List<Location> locations = new ArrayList<>();
    for (String part : plain.split(" \\+ ", -1)) {
      locations.add(Location.parse(part));
    }
    return locations;
  }
}
