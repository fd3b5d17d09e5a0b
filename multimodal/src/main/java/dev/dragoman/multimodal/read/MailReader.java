package dev.dragoman.multimodal.read;

import dev.dragoman.multimodal.worker.ServiceException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.NameValuePair;
import org.apache.james.mime4j.stream.RawBody;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.stream.RecursionMode;
import org.apache.james.mime4j.util.MimeParameterMapping;
import org.jspecify.annotations.Nullable;

/**
 * Mail (RFC 5322, MIME) and mailboxes, on mime4j as Tika's own parser is, which however turns
 * nested bodies into attachments and attached messages into text. Here the text parts are the body,
 * the better of alternatives is taken, attachments and attached messages are entries, and
 * signatures are left out.
 */
final class MailReader {
  private static final Set<String> SIGNATURES =
      Set.of(
          "application/pkcs7-signature",
          "application/x-pkcs7-signature",
          "application/pgp-signature",
          "application/pgp-encrypted");

  /**
   * Of two alternatives, plain text is taken unless it says less than this part of what HTML says.
   */
  private static final double ENOUGH = 0.5;

  private final ReadLimits limits;
  private final EntrySink sink;
  private final Charsets charsets;
  private final Map<String, String> headers = new HashMap<>();
  private final Deque<Multipart> open = new ArrayDeque<>();
  private Map<String, MimeParameterMapping> parameters = new HashMap<>();
  private Map<String, String> values = new HashMap<>();
  private boolean full;

  private MailReader(ReadLimits limits, EntrySink sink, Charsets charsets) {
    this.limits = limits;
    this.sink = sink;
    this.charsets = charsets;
  }

  private record Text(String text, boolean html) {}

  private static final class Multipart {
    private final String subtype;
    private final List<Text> texts = new ArrayList<>();

    Multipart(String subtype) {
      this.subtype = subtype;
    }

    Text body() {
      if (!subtype.equals("alternative")) {
        StringBuilder all = new StringBuilder();
        boolean html = false;
        for (Text each : texts) {
          if (!each.text.isEmpty()) {
            all.append(all.isEmpty() ? "" : "\n\n").append(each.text);
            html |= each.html;
          }
        }
        return new Text(all.toString(), html);
      }
      Text best = new Text("", false);
      for (Text each : texts) {
        boolean first = best.text.isEmpty();
        boolean richer =
            each.html && !best.html && best.text.length() < ENOUGH * each.text.length();
        boolean plainer =
            !each.html && best.html && each.text.length() >= ENOUGH * best.text.length();
        if (first || richer || plainer) {
          best = each;
        }
      }
      return best;
    }
  }

  static Codec.Answer read(
      Path file, String mediaType, ReadLimits limits, EntrySink sink, Charsets charsets)
      throws ServiceException {
    MailReader reader = new MailReader(limits, sink, charsets);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      String body = reader.parse(in);
      String subject = decoded(reader.headers.getOrDefault("subject", ""));
      String text = body.isEmpty() ? subject : body;
      List<Problem> problems =
          reader.full ? List.of(Reading.truncated(limits.maxTextCharacters())) : List.of();
      return new Codec.Answer(
          mediaType,
          subject,
          decoded(reader.headers.getOrDefault("from", "")),
          0,
          text.isEmpty() ? List.of() : List.of(new Passage(0, text)),
          List.of(),
          List.of(),
          problems);
    } catch (IOException | MimeException | RuntimeException e) {
      throw Failures.of(e, mediaType);
    }
  }

  private String parse(InputStream in) throws IOException, MimeException, ServiceException {
    MimeConfig config =
        MimeConfig.custom()
            .setMaxLineLen(-1)
            .setMaxHeaderLen(1 << 20)
            .setMaxHeaderCount(10_000)
            .setMaxContentLen(-1)
            .build();
    MimeTokenStream tokens = new MimeTokenStream(config);
    tokens.setRecursionMode(RecursionMode.M_NO_RECURSE);
    tokens.parse(in);
    Multipart root = new Multipart("mixed");
    open.push(root);
    for (EntityState state = tokens.getState();
        state != EntityState.T_END_OF_STREAM;
        state = tokens.next()) {
      switch (state) {
        case T_START_HEADER -> {
          parameters = new HashMap<>();
          values = new HashMap<>();
        }
        case T_FIELD -> field(tokens.getField());
        case T_START_MULTIPART -> {
          String subtype = tokens.getBodyDescriptor().getSubType();
          if ("encrypted".equalsIgnoreCase(subtype)) {
            throw new ServiceException(
                "ENCRYPTED",
                "the mail is encrypted; decrypt it in a mail program and save it again");
          }
          open.push(new Multipart(subtype == null ? "mixed" : subtype.toLowerCase(Locale.ROOT)));
        }
        case T_END_MULTIPART -> {
          Text body = open.pop().body();
          if (!open.isEmpty()) {
            open.element().texts.add(body);
          }
        }
        case T_BODY -> body(tokens);
        case T_START_MESSAGE,
            T_END_MESSAGE,
            T_RAW_ENTITY,
            T_END_HEADER,
            T_PREAMBLE,
            T_EPILOGUE,
            T_START_BODYPART,
            T_END_BODYPART,
            T_END_OF_STREAM -> {}
      }
    }
    while (open.size() > 1) {
      Text body = open.pop().body();
      open.element().texts.add(body);
    }
    return root.body().text;
  }

  private void field(Field field) throws IOException {
    String name = field.getName().toLowerCase(Locale.ROOT);
    if (open.size() == 1 && (name.equals("subject") || name.equals("from"))) {
      headers.putIfAbsent(name, raw(field));
    }
    if (name.equals("content-type") || name.equals("content-disposition")) {
      RawBody body =
          RawFieldParser.DEFAULT.parseRawBody(new RawField(field.getName(), field.getBody()));
      MimeParameterMapping mapping = new MimeParameterMapping();
      for (NameValuePair pair : body.getParams()) {
        if (pair.getValue() != null) {
          mapping.addParameter(pair.getName(), pair.getValue());
        }
      }
      parameters.putIfAbsent(name, mapping);
      values.putIfAbsent(
          name, body.getValue() == null ? "" : body.getValue().strip().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * The value with bytes beyond ASCII, which should not be there but are, taken for what they most
   * likely are.
   */
  private String raw(Field field) throws IOException {
    if (field.getRaw() == null) {
      return field.getBody();
    }
    String line = charsets.decode(field.getRaw().toByteArray(), null);
    return line.substring(line.indexOf(':') + 1);
  }

  private void body(MimeTokenStream tokens) throws IOException {
    BodyDescriptor descriptor = tokens.getBodyDescriptor();
    String type =
        descriptor.getMimeType() == null
            ? "text/plain"
            : descriptor.getMimeType().toLowerCase(Locale.ROOT);
    String name = name();
    boolean attached =
        values.getOrDefault("content-disposition", "").startsWith("attachment") || !name.isEmpty();
    if (SIGNATURES.contains(type)) {
      return;
    }
    if (!attached
        && ((type.startsWith("text/") && !type.equals("text/calendar"))
            || type.equals("message/delivery-status"))) {
      byte[] bytes = tokens.getDecodedInputStream().readNBytes((int) limits.maxEntryBytes());
      open.element().texts.add(text(bytes, type, Charsets.named(charset(descriptor))));
    } else {
      sink.add(
          name,
          "attachment-" + (sink.seen() + 1) + ending(type),
          type,
          tokens::getDecodedInputStream);
    }
  }

  private @Nullable String charset(BodyDescriptor descriptor) {
    MimeParameterMapping type = parameters.get("content-type");
    return type == null || type.get("charset") == null ? null : descriptor.getCharset();
  }

  private Text text(byte[] bytes, String type, @Nullable Charset declared) throws IOException {
    String decoded = charsets.decode(bytes, declared);
    if (type.equals("text/html")) {
      HtmlText.Page page = HtmlText.of(decoded, limits.maxTextCharacters());
      full |= page.full();
      return new Text(page.text(), true);
    }
    TextBuilder plain = new TextBuilder(limits.maxTextCharacters());
    plain.verbatim(decoded);
    full |= plain.full();
    return new Text(plain.toString(), false);
  }

  private String name() {
    for (String[] place :
        new String[][] {{"content-disposition", "filename"}, {"content-type", "name"}}) {
      MimeParameterMapping mapping = parameters.get(place[0]);
      String value = mapping == null ? null : mapping.get(place[1]);
      if (value != null && !value.isBlank()) {
        return decoded(value);
      }
    }
    return "";
  }

  private static String ending(String type) {
    return switch (type) {
      case "message/rfc822" -> ".eml";
      case "text/calendar" -> ".ics";
      case "text/plain" -> ".txt";
      case "text/html" -> ".html";
      case "image/jpeg" -> ".jpg";
      case "application/octet-stream" -> "";
      default -> {
        String subtype = type.substring(type.indexOf('/') + 1);
        yield subtype.matches("[a-z0-9]{1,5}") ? "." + subtype : "";
      }
    };
  }

  private static String decoded(String value) {
    String words;
    try {
      words = DecoderUtil.decodeEncodedWords(value, DecodeMonitor.SILENT);
    } catch (RuntimeException e) {
      words = value;
    }
    return words.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }

  /**
   * Each message of a mailbox becomes an entry; lines quoted with {@code >From} lose their mark.
   */
  static Codec.Answer readMailbox(Path file, String mediaType, EntrySink sink)
      throws ServiceException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      boolean inside = false;
      boolean blank = true;
      for (byte[] line = line(in); line.length > 0 && !sink.full(); line = line(in)) {
        if (blank && starts(line, 0)) {
          flush(message, inside, sink);
          inside = true;
        } else if (inside) {
          int marks = 0;
          while (marks < line.length && line[marks] == '>') {
            marks++;
          }
          boolean quoted = marks > 0 && starts(line, marks);
          message.write(line, quoted ? 1 : 0, line.length - (quoted ? 1 : 0));
        }
        blank = line[0] == '\n' || line[0] == '\r';
      }
      flush(message, inside, sink);
      return new Codec.Answer(mediaType, "", "", 0, List.of(), List.of(), List.of(), List.of());
    } catch (IOException | RuntimeException e) {
      throw Failures.of(e, mediaType);
    }
  }

  private static void flush(ByteArrayOutputStream message, boolean inside, EntrySink sink) {
    if (inside && message.size() > 0) {
      byte[] bytes = message.toByteArray();
      String name = "message-" + (sink.seen() + 1) + ".eml";
      sink.add(name, name, "message/rfc822", () -> new ByteArrayInputStream(bytes));
    }
    message.reset();
  }

  private static boolean starts(byte[] line, int from) {
    byte[] mark = "From ".getBytes(StandardCharsets.US_ASCII);
    if (line.length < from + mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if (line[from + i] != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int c = in.read(); c >= 0; c = in.read()) {
      line.write(c);
      if (c == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }
}
