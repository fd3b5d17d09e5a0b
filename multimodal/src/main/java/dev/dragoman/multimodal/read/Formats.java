package dev.dragoman.multimodal.read;

import java.util.Map;
import java.util.Set;

/** What people call formats. */
final class Formats {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("application/pdf", "the PDF"),
          Map.entry("application/msword", "the Word document"),
          Map.entry(
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
              "the Word document"),
          Map.entry("application/vnd.ms-excel", "the Excel workbook"),
          Map.entry(
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
              "the Excel workbook"),
          Map.entry("application/vnd.ms-powerpoint", "the PowerPoint presentation"),
          Map.entry(
              "application/vnd.openxmlformats-officedocument.presentationml.presentation",
              "the PowerPoint presentation"),
          Map.entry("application/x-tika-ooxml", "the Office document"),
          Map.entry("application/x-tika-ooxml-protected", "the Office document"),
          Map.entry("application/x-tika-msoffice", "the Office document"),
          Map.entry("application/rtf", "the RTF document"),
          Map.entry("application/epub+zip", "the EPUB book"),
          Map.entry("application/zip", "the ZIP archive"),
          Map.entry("application/x-7z-compressed", "the 7z archive"),
          Map.entry("application/x-tar", "the TAR archive"),
          Map.entry("application/gzip", "the GZIP file"),
          Map.entry("application/x-rar-compressed", "the RAR archive"),
          Map.entry("message/rfc822", "the mail"),
          Map.entry("application/mbox", "the mailbox"),
          Map.entry("application/vnd.ms-outlook", "the Outlook message"),
          Map.entry("text/html", "the HTML page"),
          Map.entry("application/xml", "the XML file"));

  private static final Set<String> SCORES =
      Set.of("audio/midi", "audio/sp-midi", "audio/mobile-xmf");

  private Formats() {}

  static String name(String mediaType) {
    return NAMES.getOrDefault(mediaType, "the file (" + mediaType + ")");
  }

  /** Whether it is one of the formats that people write text in. */
  static boolean isKnown(String mediaType) {
    return NAMES.containsKey(mediaType)
        || mediaType.startsWith("application/vnd.oasis.opendocument.");
  }

  /**
   * Whether the file tells an instrument what to play: it has the type of a sound and holds none.
   */
  static boolean isScore(String mediaType) {
    return SCORES.contains(mediaType);
  }

  /** Whether the file is for the eyes or ears: recognised here, decoded elsewhere. */
  static boolean isMedia(String mediaType) {
    return (mediaType.startsWith("image/") && !mediaType.equals("image/svg+xml"))
        || mediaType.startsWith("audio/")
        || mediaType.startsWith("video/")
        || mediaType.equals("application/ogg")
        || mediaType.equals("application/mp4")
        || mediaType.equals("application/x-matroska")
        || mediaType.equals("application/vnd.rn-realmedia");
  }
}
