package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Original;
import dev.dragoman.operators.record.Original.Header;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;

/**
 * How a rejected document lies in a dead-letter topic.
 *
 * <p>The value is what the document came as, byte for byte, with its key and its headers; headers
 * {@code dragoman-*} say why it is here.
 */
final class DeadLetter {
  static final String OWN = "dragoman-";
  static final String CODE = "dragoman-code";
  static final String OPERATOR = "dragoman-operator";
  static final String MESSAGE = "dragoman-message";
  static final String SOURCE = "dragoman-source";
  static final String DOCUMENT_ID = "dragoman-document-id";
  static final String ATTEMPTS = "dragoman-attempts";
  static final String PAYLOAD = "dragoman-payload";

  private static final int LONGEST_MESSAGE = 2_000;

  /** What the value of a dead letter is. */
  enum Payload {
    /** The message the document came as. */
    ORIGINAL,
    /** The rejected document, encoded: it did not come as a message. */
    REJECTED,
    /** Nothing: it is too large for this topic, and left where the source says. */
    LEFT;

    byte[] header() {
      return name().toLowerCase(Locale.ROOT).getBytes(UTF_8);
    }
  }

  private DeadLetter() {}

  /** The letter of a rejected document. */
  static Message of(Rejected rejected, int limit) {
    Document document = rejected.document();
    Original original = document.provenance().original();
    Content kept = original == null ? null : original.value();
    Content value = kept == null ? null : resolved(document, kept);
    Original bare = new Original(document.id().value().getBytes(UTF_8), List.of(), null);
    Message whole =
        switch (value) {
          case Content.Inline inline when original != null ->
              message(rejected, original, Payload.ORIGINAL, inline.bytes());
          case Content.Reference _ when original != null ->
              message(rejected, original, Payload.LEFT, null);
          case null, default ->
              original != null && original.value() == null
                  ? message(rejected, original, Payload.ORIGINAL, null)
                  : message(rejected, bare, Payload.REJECTED, encoded(rejected));
        };
    if (whole.size() <= limit) {
      return whole;
    }
    Message small = withoutValue(whole);
    return small.size() <= limit ? small : message(rejected, bare, Payload.LEFT, null);
  }

  /** The same without what makes it too large. */
  static Message withoutValue(Message message) {
    List<Header> headers = new ArrayList<>(message.headers());
    headers.removeIf(header -> header.name().equals(PAYLOAD));
    headers.add(new Header(PAYLOAD, Payload.LEFT.header()));
    return new Message(message.key(), null, headers);
  }

  private static @Nullable Content resolved(Document document, Content value) {
    try {
      return document.resolve(value);
    } catch (NoSuchElementException _) {
      return null;
    }
  }

  private static Message message(
      Rejected rejected, Original original, Payload payload, byte @Nullable [] value) {
    List<Header> headers = new ArrayList<>();
    for (Header header : original.headers()) {
      if (!header.name().startsWith(OWN)) {
        headers.add(header);
      }
    }
    String message = rejected.failure().message();
    add(headers, CODE, rejected.failure().code().name());
    add(headers, OPERATOR, rejected.failure().operator());
    add(
        headers,
        MESSAGE,
        message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE));
    add(headers, SOURCE, rejected.document().provenance().source().toString());
    add(headers, DOCUMENT_ID, rejected.document().id().value());
    add(headers, ATTEMPTS, Integer.toString(rejected.failure().attempts()));
    headers.add(new Header(PAYLOAD, payload.header()));
    return new Message(original.key(), value, headers);
  }

  private static void add(List<Header> headers, String name, String value) {
    headers.add(new Header(name, value.getBytes(UTF_8)));
  }

  private static byte[] encoded(Rejected rejected) {
    try {
      return CoderUtils.encodeToByteArray(RejectedCoder.of(), rejected);
    } catch (CoderException e) {
      throw new IllegalStateException("cannot encode " + rejected.document().id(), e);
    }
  }
}
