package dev.dragoman.multimodal.read;

import dev.dragoman.multimodal.worker.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tika.config.TikaConfig;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.WriteLimitReachedException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Message;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.PagedText;
import org.apache.tika.metadata.Property;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.CompositeParser;
import org.apache.tika.parser.EmptyParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.ParserDecorator;
import org.apache.tika.sax.SecureContentHandler;
import org.xml.sax.SAXException;

/** Detects what a file is and reads it. Lives in a worker process. */
final class Reading {
  /** Parsers whose input is as readable as their output. */
  private static final Set<String> PLAIN_PARSERS =
      Set.of(
          "org.apache.tika.parser.txt.TXTParser",
          "org.apache.tika.parser.csv.TextAndCSVParser",
          "org.apache.tika.parser.code.SourceCodeParser",
          "org.apache.tika.parser.EmptyParser");

  private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");
  private static final MediaType MAIL = MediaType.parse("message/rfc822");

  private final TikaConfig config;
  private final CompositeParser parsers;
  private final Charsets charsets;

  Reading() throws IOException, TikaException, SAXException {
    try (InputStream settings = Reading.class.getResourceAsStream("tika.xml")) {
      if (settings == null) {
        throw new IOException("tika.xml is missing from the class path");
      }
      config = new TikaConfig(settings);
    }
    parsers = (CompositeParser) config.getParser();
    charsets = new Charsets(config.getEncodingDetector());
  }

  Codec.Answer read(Codec.Request request) throws ServiceException {
    Path file = request.file();
    ReadLimits limits = request.limits();
    Metadata metadata = new Metadata();
    if (!request.name().isBlank()) {
      metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, request.name());
    }
    EntrySink sink = new EntrySink(request.spool(), limits);
    MediaType type = MediaType.OCTET_STREAM;
    try (TikaInputStream in = TikaInputStream.get(file)) {
      type = config.getDetector().detect(in, metadata);
      Codec.Answer answer = read(file, in, type, metadata, limits, sink);
      return complete(answer, sink);
    } catch (IOException | RuntimeException e) {
      throw Failures.of(e, type.getBaseType().toString());
    }
  }

  private Codec.Answer read(
      Path file,
      TikaInputStream in,
      MediaType type,
      Metadata metadata,
      ReadLimits limits,
      EntrySink sink)
      throws IOException, ServiceException {
    String mediaType = type.getBaseType().toString();
    if (Formats.isScore(mediaType)) {
      throw new ServiceException(
          "UNSUPPORTED",
          Formats.name(mediaType)
              + " holds notes for an instrument and no recorded sound: there is nothing to read or"
              + " to hear; leave it out");
    }
    if (Formats.isMedia(mediaType)) {
      return new Codec.Answer(mediaType, "", "", 0, List.of(), List.of(), List.of(), List.of());
    }
    if (mediaType.equals("application/pdf")) {
      return PdfReader.read(file, mediaType, limits, sink);
    }
    if (Archives.reads(mediaType)) {
      Archives.read(file, mediaType, sink);
      return new Codec.Answer(mediaType, "", "", 0, List.of(), List.of(), List.of(), List.of());
    }
    if (mediaType.equals("application/mbox")) {
      return MailReader.readMailbox(file, mediaType, sink);
    }
    if (type.getBaseType().equals(MAIL) || config.getMediaTypeRegistry().isInstanceOf(type, MAIL)) {
      return MailReader.read(file, mediaType, limits, sink, charsets);
    }
    if (HTML.contains(mediaType)) {
      return html(file, mediaType, limits);
    }
    metadata.set(Metadata.CONTENT_TYPE, type.toString());
    boolean textual = config.getMediaTypeRegistry().isInstanceOf(type, MediaType.TEXT_PLAIN);
    if (textual && plain(type)) {
      return text(file, mediaType, limits);
    }
    if (parser(type).isEmpty()) {
      throw new ServiceException(
          "UNSUPPORTED",
          "no reader here understands the format "
              + mediaType
              + "; convert the file to a common one");
    }
    return tika(in, mediaType, metadata, limits, sink);
  }

  /**
   * The parser that Tika would take for the type (parameters count: OneNote, WordPerfect) or the
   * nearest of its ancestors.
   */
  private Optional<Parser> parser(MediaType type) {
    Map<MediaType, Parser> known = parsers.getParsers(new ParseContext());
    for (MediaType each = type;
        each != null;
        each = config.getMediaTypeRegistry().getSupertype(each)) {
      Parser parser = known.get(each);
      if (parser != null) {
        return Optional.of(parser);
      }
    }
    return Optional.empty();
  }

  private boolean plain(MediaType type) {
    Parser parser = parser(type).orElse(EmptyParser.INSTANCE);
    for (Parser inner = inner(parser, type); inner != parser; inner = inner(parser, type)) {
      parser = inner;
    }
    return PLAIN_PARSERS.contains(parser.getClass().getName());
  }

  /** What stands behind a parser that only chooses among others. */
  private Parser inner(Parser parser, MediaType type) {
    return switch (parser) {
      case ParserDecorator decorator -> decorator.getWrappedParser();
      case CompositeParser composite -> {
        Map<MediaType, Parser> known = composite.getParsers(new ParseContext());
        MediaType each = type;
        while (each != null && !known.containsKey(each)) {
          each = config.getMediaTypeRegistry().getSupertype(each);
        }
        yield each == null ? parser : known.getOrDefault(each, parser);
      }
      default -> parser;
    };
  }

  private Codec.Answer html(Path file, String mediaType, ReadLimits limits) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Charset declared = HtmlText.declaredCharset(bytes);
    HtmlText.Page page = HtmlText.of(charsets.decode(bytes, declared), limits.maxTextCharacters());
    return new Codec.Answer(
        mediaType,
        page.title().strip(),
        page.author().strip(),
        0,
        page.text().isEmpty() ? List.of() : List.of(new Passage(0, page.text())),
        List.of(),
        List.of(),
        page.full() ? List.of(truncated(limits.maxTextCharacters())) : List.of());
  }

  private Codec.Answer text(Path file, String mediaType, ReadLimits limits) throws IOException {
    byte[] bytes;
    boolean cut = false;
    try (InputStream in = Files.newInputStream(file)) {
      long most = 4L * limits.maxTextCharacters() + 4;
      bytes = in.readNBytes((int) Math.min(most, 1 << 28));
      cut = in.read() >= 0;
    }
    String text =
        charsets
            .decode(bytes, null)
            .replace("\r\n", "\n")
            .replace('\r', '\n')
            .replace("\u0000", "");
    if (text.length() > limits.maxTextCharacters()) {
      text = text.substring(0, limits.maxTextCharacters());
      cut = true;
    }
    return new Codec.Answer(
        mediaType,
        "",
        "",
        0,
        text.isBlank() ? List.of() : List.of(new Passage(0, text)),
        List.of(),
        List.of(),
        cut ? List.of(truncated(limits.maxTextCharacters())) : List.of());
  }

  private Codec.Answer tika(
      TikaInputStream in, String mediaType, Metadata metadata, ReadLimits limits, EntrySink sink)
      throws IOException, ServiceException {
    boolean office =
        !mediaType.equals("application/vnd.ms-outlook")
            && !mediaType.contains("tnef")
            && !mediaType.contains("compress");
    EmbeddedFiles embedded = new EmbeddedFiles(sink, config.getMimeRepository(), office, limits);
    SaxText text = new SaxText(limits.maxTextCharacters());
    SecureContentHandler secure = new SecureContentHandler(text, in);
    ParseContext context = new ParseContext();
    context.set(TikaConfig.class, config);
    context.set(Parser.class, new AutoDetectParser(config));
    context.set(EmbeddedDocumentExtractor.class, embedded);
    List<Problem> problems = new ArrayList<>();
    try {
      parsers.parse(in, secure, metadata, context);
    } catch (SAXException | TikaException | IOException | RuntimeException e) {
      if (!WriteLimitReachedException.isWriteLimitReached(e)) {
        ServiceException failure = Failures.of(cause(secure, e), mediaType);
        if ((text.toString().isBlank() && sink.entries().isEmpty())
            || !failure.code().equals("CORRUPT")) {
          throw failure;
        }
        problems.add(
            new Problem(failure.code(), "", "it was read only in part: " + failure.getMessage()));
      }
    }
    if (text.full()) {
      problems.add(truncated(limits.maxTextCharacters()));
    }
    String found = text.toString();
    if (found.isBlank()) {
      embedded.takePictures();
    }
    return new Codec.Answer(
        mediaType,
        first(metadata, TikaCoreProperties.TITLE, TikaCoreProperties.SUBJECT),
        first(metadata, TikaCoreProperties.CREATOR, Property.internalText(Message.MESSAGE_FROM)),
        pages(metadata),
        found.isBlank() ? List.of() : List.of(new Passage(0, found)),
        List.of(),
        List.of(),
        problems);
  }

  private static Exception cause(SecureContentHandler secure, Exception thrown) {
    if (thrown instanceof SAXException sax) {
      try {
        secure.throwIfCauseOf(sax);
      } catch (TikaException bomb) {
        return bomb;
      }
    }
    return thrown;
  }

  private static String first(Metadata metadata, Property... properties) {
    for (Property property : properties) {
      String value = metadata.get(property);
      if (value != null && !value.isBlank()) {
        return value.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
      }
    }
    return "";
  }

  private static int pages(Metadata metadata) {
    Integer pages = metadata.getInt(PagedText.N_PAGES);
    return pages == null ? 0 : Math.max(0, pages);
  }

  /** Says that text is missing at the end. */
  static Problem truncated(int limit) {
    return new Problem(
        "TOO_LARGE",
        "",
        String.format(
            Locale.ROOT,
            "only the first %,d characters were read; split it or raise the limit",
            limit));
  }

  /** Adds what the sink took; refuses what has nothing to give. */
  private static Codec.Answer complete(Codec.Answer answer, EntrySink sink)
      throws ServiceException {
    List<Problem> problems = new ArrayList<>(answer.problems());
    problems.addAll(sink.problems());
    if (answer.passages().isEmpty()
        && sink.entries().isEmpty()
        && !Formats.isMedia(answer.mediaType())) {
      if (problems.isEmpty()) {
        throw nothing(answer.mediaType());
      }
      Problem first = problems.getFirst();
      throw new ServiceException(
          first.code(),
          first.entry().isEmpty()
              ? first.message()
              : "nothing in it can be read; " + first.entry() + ": " + first.message());
    }
    return new Codec.Answer(
        answer.mediaType(),
        answer.title(),
        answer.author(),
        answer.pages(),
        answer.passages(),
        answer.scannedPages(),
        sink.entries(),
        problems);
  }

  private static ServiceException nothing(String mediaType) {
    return Formats.isKnown(mediaType) || mediaType.startsWith("text/")
        ? new ServiceException(
            "EMPTY", Formats.name(mediaType) + " holds no text, no picture and no file")
        : new ServiceException(
            "UNSUPPORTED",
            "no text can be got from the format "
                + mediaType
                + "; convert the file to a common one");
  }
}
