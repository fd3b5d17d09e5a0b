package dev.dragoman.operators.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Chunk;
import dev.dragoman.operators.record.Annotation.Interval;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Annotation.Region;
import dev.dragoman.operators.record.Annotation.Rewrite;
import dev.dragoman.operators.record.Annotation.TextSpan;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.TextPart;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskPiiTest {
  private static final String KEY = "a key for tests only";
  private static final Origin READER = new Origin(PartId.TEXT, "ExtractText", "1", "");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NL91ABNA0417164300",
        "BE68539007547034",
        "DE89370400440532013000",
        "GB29NWBK60161331926819",
        "FR1420041010050500013M02606",
        "ES9121000418450200051332",
        "PT50000201231234567890154",
        "IT60X0542811101000000123456",
        "CH9300762011623852957",
        "LU280019400644750000",
        "IE29AIBK93115212345678",
        "DK5000400440116243",
        "NO9386011117947",
        "SE4550000000058398257466",
        "FI2112345600000785",
        "PL61109010140000071219812874",
        "BR1800360305000010009795493C1",
        "MT84MALT011000012345MTLCAST001S",
        "AT611904300234573201"
      })
  void registryExamplesAreAccountsAndOneDigitOffIsNot(String iban) {
    assertThat(Ibans.valid(iban)).isTrue();
    int last = iban.length() - 2;
    char other = iban.charAt(last) == '5' ? '6' : '5';
    assertThat(Ibans.valid(iban.substring(0, last) + other + iban.substring(last + 1))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111111", "4242424242424242", "5555555555554444", "5105105105105100",
        "2223003122003222", "378282246310005", "371449635398431", "6011111111111117",
        "30569309025904", "3530111333300000", "4222222222222"
      })
  void testCardsPassAndOneDigitOffDoesNot(String card) {
    assertThat(mask(card).found()).containsExactly("card");
    char first = card.charAt(card.length() - 1) == '9' ? '0' : '9';
    assertThat(mask(card.substring(0, card.length() - 1) + first).found()).doesNotContain("card");
  }

  @Test
  void elevenTestDecidesAboutNineAndEightDigits() {
    assertThat(Bsns.valid("111222333")).isTrue();
    assertThat(Bsns.valid("123456782")).isTrue();
    assertThat(Bsns.valid("123456789")).isFalse();
    assertThat(Bsns.valid("000000000")).isFalse();
    assertThat(Bsns.valid("10000008")).isEqualTo(Bsns.valid("010000008"));
  }

  @Test
  void internetAddressesHaveOneFullForm() {
    String full = "2001:0db8:0000:0000:0000:0000:0000:0001";
    assertThat(IpAddresses.version6("2001:db8::1")).isEqualTo(full);
    assertThat(IpAddresses.version6("2001:DB8:0:0:0:0:0:1")).isEqualTo(full);
    assertThat(IpAddresses.version6("::ffff:192.0.2.1")).endsWith("ffff:c000:0201");
    assertThat(IpAddresses.version6("1:2:3:4:5:6:7")).isEmpty();
    assertThat(IpAddresses.version6("1::2::3")).isEmpty();
    assertThat(IpAddresses.isVersion4("256.1.1.1")).isFalse();
    assertThat(IpAddresses.isVersion4("01.1.1.1")).isFalse();
  }

  @Test
  void redactedTextSaysWhatWasThere() {
    Document document =
        document("Bel 06-12345678 of mail jan@voorbeeld.nl, NL91 ABNA 0417 1643 00.");
    Document masked = apply(MaskPii.Config.defaults(), document);
    assertThat(masked.rewrite("masked").map(Rewrite::value))
        .contains("Bel [PHONE] of mail [EMAIL], [IBAN].");
    assertThat(masked.text()).isEqualTo(document.text());
    assertThat(masked.annotationsOf(TextSpan.class))
        .extracting(TextSpan::kind, TextSpan::value)
        .containsExactly(
            tuple("phone", "[PHONE]"), tuple("email", "[EMAIL]"), tuple("iban", "[IBAN]"));
    TextSpan span = masked.annotationsOf(TextSpan.class).getLast();
    assertThat(masked.text().substring(span.start(), span.end()))
        .isEqualTo("NL91 ABNA 0417 1643 00");
  }

  @Test
  void pseudonymsAreEqualForEqualValuesHoweverWritten() {
    MaskPii.Config config = config(MaskPii.Policy.PSEUDONYMIZE, false, KEY);
    String token = value(apply(config, document("NL91 ABNA 0417 1643 00")));
    assertThat(token).matches("\\[iban:[0-9a-f]{16}]");
    assertThat(value(apply(config, document("op nl91abna0417164300.")))).isEqualTo(token);
    assertThat(value(apply(config, document("IBAN NL91-ABNA-0417-1643-00")))).isEqualTo(token);
    assertThat(value(apply(config, document("BE68539007547034")))).isNotEqualTo(token);
    assertThat(value(apply(config, document("bel 06 12345678"))))
        .isEqualTo(value(apply(config, document("+31612345678"))));
    MaskPii.Config other = config(MaskPii.Policy.PSEUDONYMIZE, false, KEY + "!");
    assertThat(value(apply(other, document("NL91ABNA0417164300")))).isNotEqualTo(token);
  }

  @Test
  void pseudonymsNeedAKeyAndTheMessageSaysWhere() {
    assertThatThrownBy(() -> MaskPii.Config.secret("", null))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'key'")
        .hasMessageContaining("DRAGOMAN_PII_KEY");
    assertThatThrownBy(() -> MaskPii.Config.secret("short", null))
        .hasMessageContaining("at least 16 characters, not 5");
    assertThat(MaskPii.Config.secret("", KEY)).isEqualTo(KEY);
    assertThat(config(MaskPii.Policy.PSEUDONYMIZE, false, KEY).toString()).doesNotContain(KEY);
  }

  @Test
  void tagAddsSpansWithoutTheValueAndMasksNothing() {
    Document tagged =
        apply(config(MaskPii.Policy.TAG, false, ""), document("mail jan@voorbeeld.nl"));
    assertThat(tagged.rewrite("masked")).isEmpty();
    assertThat(tagged.annotations().toString()).doesNotContain("jan@");
    assertThatThrownBy(() -> config(MaskPii.Policy.TAG, true, ""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("replace_text");
  }

  @Test
  void nothingRawGoesFurtherWhenTheTextIsReplaced() {
    String text = "Van: jan@voorbeeld.nl\nRekening NL91 ABNA 0417 1643 00 van Jan, dank.";
    int iban = text.indexOf("NL91");
    int thanks = text.indexOf("dank");
    List<Part> parts = new ArrayList<>();
    parts.add(new FilePart(PartId.FILE, new Content.Inline(text.getBytes(UTF_8))));
    parts.add(new TextPart(PartId.TEXT, PartId.FILE, TextPart.Role.BODY, 0, text));
    Document document =
        document(text)
            .withParts(parts)
            .withAnnotations(
                List.of(
                    new Label(READER, "title", "Vraag van jan@voorbeeld.nl", 1),
                    new Label(READER, "column:bsn", "123456782", 1),
                    new Region(READER, "word", "ABNA", 1, iban + 5, iban + 9, 1, 1, 1, 1, 1),
                    new Region(READER, "word", "dank", 1, thanks, thanks + 4, 1, 1, 1, 1, 1),
                    new Interval(READER, "segment", text, 1, 0, text.length(), 0, 1),
                    new Rewrite(READER, "summary", "Betaal NL91ABNA0417164300", "nl", 1)));
    Document masked = apply(config(MaskPii.Policy.REDACT, true, ""), document);
    assertThat(masked.text()).isEqualTo("Van: [EMAIL]\nRekening [IBAN] van Jan, dank.");
    String everything = masked.parts() + " " + masked.annotations();
    assertThat(everything)
        .doesNotContain("jan@", "NL91", "ABNA", "123456782", "0417")
        .contains("Vraag van [EMAIL]", "Betaal [IBAN]", "[BSN]");
    assertThat(masked.partsOf(FilePart.class).getFirst().content())
        .isInstanceOf(Content.Reference.class);
    Region last = masked.annotationsOf(Region.class).get(1);
    assertThat(masked.text().substring(last.start(), last.end())).isEqualTo("dank");
    for (TextSpan span : masked.annotationsOf(TextSpan.class)) {
      assertThat(masked.text().substring(span.start(), span.end())).isEqualTo(span.value());
    }
  }

  @Test
  void replacingTextAfterChunkIsRefused() {
    Chunk chunk = new Chunk(READER, 0, "a", 0, 1, 0, Double.NaN, Double.NaN, null);
    Document chunked = document("a b").withAnnotations(List.<Annotation>of(chunk));
    try (Operator mask = config(MaskPii.Policy.REDACT, true, "").open(OperatorContext.local())) {
      Outcome outcome = mask.apply(List.of(chunked)).getFirst();
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> {
                assertThat(failed.rejected().failure().code()).isEqualTo(RejectionCode.UNSUPPORTED);
                assertThat(failed.rejected().failure().message())
                    .contains("before Chunk and Embed");
              });
    }
  }

  @Test
  void textPartsAreJoinedAsInTheDocument() {
    Document two =
        document("")
            .withParts(
                List.of(
                    new TextPart(
                        new PartId("page:1"), PartId.FILE, TextPart.Role.BODY, 1, "a@b.nl"),
                    new TextPart(new PartId("page:2"), PartId.FILE, TextPart.Role.BODY, 2, "c")));
    assertThat(apply(MaskPii.Config.defaults(), two).rewrite("masked").map(Rewrite::value))
        .contains("[EMAIL]\n\nc");
  }

  @Test
  void unknownCountriesAreRefused() {
    assertThatThrownBy(() ->
            new MaskPii.Config(
                MaskPii.Policy.REDACT,
                List.of(PiiKind.PHONE),
                List.of("nl"),
                MaskPii.BsnRule.CONTEXT,
                false,
                ""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no country 'nl'; did you mean 'NL'?");
  }

  private record Found(List<String> found) {}

  private static Found mask(String text) {
    return new Found(
        apply(MaskPii.Config.defaults(), document(text)).annotationsOf(TextSpan.class).stream()
            .map(TextSpan::kind)
            .toList());
  }

  private static String value(Document document) {
    return document.annotationsOf(TextSpan.class).getFirst().value();
  }

  private static MaskPii.Config config(MaskPii.Policy policy, boolean replaceText, String key) {
    MaskPii.Config defaults = MaskPii.Config.defaults();
    return new MaskPii.Config(
        policy, defaults.kinds(), defaults.regions(), defaults.bsn(), replaceText, key);
  }

  private static Document document(String text) {
    return Document.ofText(URI.create("file:///t.txt"), "text/plain", text);
  }

  private static Document apply(MaskPii.Config config, Document document) {
    try (Operator mask = config.open(OperatorContext.local())) {
      return ((Outcome.Enriched) mask.apply(List.of(document)).getFirst()).document();
    }
  }
}
