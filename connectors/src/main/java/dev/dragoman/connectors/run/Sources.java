package dev.dragoman.connectors.run;

import java.net.URI;

/** Reads the forms of a source URI. */
final class Sources {
  private Sources() {}

  /** Whether it names a row of a table. */
  static boolean isRow(URI source) {
    String fragment = source.getFragment();
    return fragment != null && fragment.startsWith("row=");
  }

  /** The outermost file: what stands before the first entry or row. */
  static String outermost(String source) {
    int entry = source.indexOf('!');
    String file = entry < 0 ? source : source.substring(0, entry);
    int row = file.indexOf("#row=");
    return row < 0 ? file : file.substring(0, row);
  }
}
