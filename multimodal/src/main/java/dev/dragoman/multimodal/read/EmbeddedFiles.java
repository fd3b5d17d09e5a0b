package dev.dragoman.multimodal.read;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.apache.poi.poifs.filesystem.DirectoryEntry;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.apache.poi.poifs.filesystem.EntryUtils;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MimeTypeException;
import org.apache.tika.mime.MimeTypes;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;

/**
 * Takes what Tika's parsers find inside a file as raw bytes, instead of letting Tika read on into
 * it.
 */
final class EmbeddedFiles implements EmbeddedDocumentExtractor {
  private static final Set<String> SKIPPED =
      Set.of("MACRO", "METADATA", "FONT", "THUMBNAIL", "RENDERING", "VERSION");
  private static final String MESSAGE_PROPERTIES = "__properties_version1.0";
  private static final int EMBEDDED_HEADER = 24;
  private static final int TOP_HEADER = 32;

  private final EntrySink sink;
  private final MimeTypes types;
  private final boolean picturesAside;
  private final ReadLimits limits;
  private final List<Picture> pictures = new ArrayList<>();
  private long pictureBytes;

  /**
   * Entries go to {@code sink}.
   *
   * @param picturesAside pictures in the text of the document are kept back until {@link
   *     #takePictures}
   */
  EmbeddedFiles(EntrySink sink, MimeTypes types, boolean picturesAside, ReadLimits limits) {
    this.sink = sink;
    this.types = types;
    this.picturesAside = picturesAside;
    this.limits = limits;
  }

  private record Picture(String name, String type, byte[] bytes) {}

  @Override
  public boolean shouldParseEmbedded(Metadata metadata) {
    String kind = metadata.get(TikaCoreProperties.EMBEDDED_RESOURCE_TYPE);
    return !sink.full() && (kind == null || !SKIPPED.contains(kind));
  }

  @Override
  public void parseEmbedded(
      InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml)
      throws IOException {
    if (!shouldParseEmbedded(metadata)) {
      return;
    }
    String type =
        metadata.get(Metadata.CONTENT_TYPE) == null ? "" : metadata.get(Metadata.CONTENT_TYPE);
    String kind = metadata.get(TikaCoreProperties.EMBEDDED_RESOURCE_TYPE);
    String name = metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY);
    if (name == null) {
      name = "";
    }
    if (picturesAside && (type.startsWith("image/") || "INLINE".equals(kind))) {
      if (pictureBytes < limits.maxTotalBytes() / 4 && pictures.size() < 200) {
        byte[] bytes =
            stream.readNBytes((int) Math.min(limits.maxEntryBytes(), limits.maxTotalBytes() / 4));
        pictureBytes += bytes.length;
        pictures.add(new Picture(name, type, bytes));
      }
      return;
    }
    DirectoryEntry directory = directory(stream);
    if (directory != null) {
      sink.add(
          name,
          fallback(type.isEmpty() ? "application/x-tika-msoffice" : type),
          type,
          () -> file(directory));
    } else {
      sink.add(name, fallback(type), type, () -> CloseShieldInputStream.wrap(stream));
    }
  }

  /** The pictures kept back become entries: of a document without text they are all there is. */
  void takePictures() {
    for (Picture picture : pictures) {
      sink.add(
          picture.name,
          fallback(picture.type),
          picture.type,
          () -> new ByteArrayInputStream(picture.bytes));
    }
    pictures.clear();
  }

  private String fallback(String type) {
    String ending = "";
    try {
      ending = type.isEmpty() ? "" : types.forName(type).getExtension();
    } catch (MimeTypeException e) {
      ending = "";
    }
    return "embedded-" + (sink.seen() + 1) + ending;
  }

  /** OLE documents inside OLE documents come as an open folder with no bytes of their own. */
  private static @Nullable DirectoryEntry directory(InputStream stream) {
    TikaInputStream tika = TikaInputStream.cast(stream);
    if (tika == null) {
      return null;
    }
    return switch (tika.getOpenContainer()) {
      case DirectoryEntry entry -> entry;
      case POIFSFileSystem system -> system.getRoot();
      case null, default -> null;
    };
  }

  private static InputStream file(DirectoryEntry directory) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (POIFSFileSystem system = new POIFSFileSystem()) {
      EntryUtils.copyNodes(directory, system.getRoot());
      asTopLevelMessage(system.getRoot());
      system.writeFilesystem(bytes);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  /**
   * An Outlook message inside another has a shorter header of its properties (MS-OXMSG 2.4.1) than
   * one of its own.
   */
  private static void asTopLevelMessage(DirectoryEntry root) throws IOException {
    if (!root.hasEntryCaseInsensitive(MESSAGE_PROPERTIES)
        || !(root.getEntryCaseInsensitive(MESSAGE_PROPERTIES) instanceof DocumentEntry document)) {
      return;
    }
    byte[] old;
    try (DocumentInputStream in = new DocumentInputStream(document)) {
      old = in.readAllBytes();
    }
    if (old.length < EMBEDDED_HEADER || (old.length - EMBEDDED_HEADER) % 16 != 0) {
      return;
    }
    byte[] longer =
        Arrays.copyOf(
            Arrays.copyOf(old, EMBEDDED_HEADER), TOP_HEADER + old.length - EMBEDDED_HEADER);
    System.arraycopy(old, EMBEDDED_HEADER, longer, TOP_HEADER, old.length - EMBEDDED_HEADER);
    document.delete();
    root.createDocument(MESSAGE_PROPERTIES, new ByteArrayInputStream(longer));
  }
}
