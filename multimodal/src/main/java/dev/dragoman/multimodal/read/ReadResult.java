package dev.dragoman.multimodal.read;

import java.util.List;

/**
 * What a file holds.
 *
 * @param mediaType detected from the bytes and the name, such as {@code application/pdf}
 * @param title the title, or the subject of a mail; empty if there is none
 * @param author the author, or the sender of a mail; empty if there is none
 * @param pages number of pages; 0 where the format has none
 * @param passages the text in reading order; none for pictures, sound and moving pictures, which
 *     are only recognised here
 * @param scannedPages pages (from 1, ascending) that show something but have no text layer; each is
 *     also an empty passage
 * @param entries the files directly inside, in the container's order
 * @param problems what is missing from this result, and why
 */
public record ReadResult(
    String mediaType,
    String title,
    String author,
    int pages,
    List<Passage> passages,
    List<Integer> scannedPages,
    List<Entry> entries,
    List<Problem> problems) {

  /** Copies the lists. */
  public ReadResult {
    passages = List.copyOf(passages);
    scannedPages = List.copyOf(scannedPages);
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /** All passages, with a blank line between them. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Passage passage : passages) {
      if (!passage.text().isEmpty()) {
        text.append(text.isEmpty() ? "" : "\n\n").append(passage.text());
      }
    }
    return text.toString();
  }
}
