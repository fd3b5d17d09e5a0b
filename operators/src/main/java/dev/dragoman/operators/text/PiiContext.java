package dev.dragoman.operators.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the words beside a number say about it, in Dutch, English and Portuguese. */
final class PiiContext {
  private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

  /** How far before a number its label may stand. */
  private static final int REACH = 70;

  private static final String NUMBER =
      "(?:nummers?|numbers?|n[uú]mero|num|nrs?|nos?|n[.º°o]|id|code|c[oó]digo)";

  /** Ends with a label that says the number is something that names no person. */
  private static final Pattern OTHER =
      Pattern.compile(
          "(?<!\\p{L})(?:(?:(?:web|in|ver)?(?:order|bestel|bestelling|koop|factuur|klant|ticket|referentie|serie"
              + "|zending|pakket|polis|dossier|artikel|zaak|transactie|boeking|reservering|product"
              + "|case|invoice|customer|client|reference|tracking|track(?: ?(?:&|and|en) ?trace)?"
              + "|shipment|parcel|policy|file|serial|transaction|booking|reservation|batch|lot|part"
              + "|model|device|meter|kvk|btw|vat|imei|isbn|issn|ean|gtin|sku|barcode|ref|nif|nipc|niss"
              + "|encomenda|pedido|fatura|factura|cliente|contrato|processo|refer[eê]ncia|s[eé]rie"
              + "|guia|ap[oó]lice|transa[cç][aã]o|reserva|produto|artigo|contribuinte"
              + "|versie|version|vers[aã]o|release|build|firmware|update|revision|paragraaf|section|sectie"
              + "|hoofdstuk|chapter|cap[ií]tulo|clause|clausule)[- ]?"
              + NUMBER
              + "?)|"
              + NUMBER
              + " (?:de |da |do |of |van (?:de |het |uw )?)?(?:s[eé]rie|cliente|encomenda|pedido|contrato|fatura"
              + "|factura|processo|contribuinte|order|bestelling|zending|factuur))"
              + "(?:\\s+(?:"
              + NUMBER
              + "))?(?:\\s+(?:van|of|for|da|do|de)\\s+(?:\\p{L}+\\s+){1,2})?\\s*(?:is|was|é|van|of)?[\\s.:#=°º(\"'-]*$|#\\s?$|(?<!\\p{L})v$",
          FLAGS);

  private static final Pattern FIRST_OF_TWO =
      Pattern.compile(
          "[\\d.]+\\s*(?:,|-|to|and|or|naar|en|of|tot|e|para|ou)(?:\\s+(?:then|later|daarna|toen|depois))?\\s*$",
          FLAGS);

  private static final Pattern ACCOUNT =
      Pattern.compile("(?<![\\p{L}\\p{N}])[A-Z]{2}\\d{2}[ -]?(?:[A-Z0-9]{4}[ -]?)*$");

  private static final Pattern PHONE =
      Pattern.compile(
          "(?<!\\p{L})(?:tel|telefo\\p{L}*|telephone|phone|call|text|bel|bellen|gsm|mobi\\p{L}*|cell|mob"
              + "|whats ?app|fax|sms|app|nummer|number|n[uú]mero|telem[oó]ve(?:l|is)|tlm|ligue|ligar|liguem|contact\\p{L}*"
              + "|bereik\\p{L}*|reach\\p{L}*|voicemail)(?!\\p{L})[^\\n\\d]{0,30}$",
          FLAGS);

  private static final Pattern BSN =
      Pattern.compile(
          "(?<!\\p{L})(?:bsn(?:'?s)?|b\\.s\\.n\\.?|bsn[- ]?(?:nummer|nr|number)|burgerservice[- ]?(?:nummer|nr)s?|sofi[- ]?(?:nummer|nr)?"
              + "|citizen service number|social security number|burger service nummer)(?!\\p{L})",
          FLAGS);

  private static final Pattern BSN_AFTER =
      Pattern.compile(
          "^[\\s,.:;()=-]{0,3}(?:(?:dat|dit|that|this|which|isso)\\s+)?(?:(?:is|was|als|as|for|é)\\s+)?(?:(?:mijn|my|zijn|haar|his|her|het|the|a|o|meu)\\s+)?"
              + "(?:bsn|burgerservicenummer|sofinummer|citizen service number)(?!\\p{L})",
          FLAGS);

  private static final Pattern POSTCODE =
      Pattern.compile(
          "(?<!\\p{L})(?:postcode|postal code|zip(?: code)?|c[oó]digo postal|pc)[\\s:=(]*$", FLAGS);

  private PiiContext() {}

  /** Whether the label right before says that it is an order, a version, a case or the like. */
  static boolean isLabelledOtherwise(String text, int start) {
    return OTHER.matcher(before(text, start)).find();
  }

  /** The same, where the number may be the second of two that share the label. */
  static boolean isListedOtherwise(String text, int start) {
    Matcher first = FIRST_OF_TWO.matcher(before(text, start));
    return isLabelledOtherwise(text, start)
        || (first.find() && OTHER.matcher(before(text, start).substring(0, first.start())).find());
  }

  /** Whether the text before looks like the beginning of a bank account number. */
  static boolean isWithinAccount(String text, int start) {
    return ACCOUNT.matcher(before(text, start)).find();
  }

  /** Whether a word shortly before speaks of telephones. */
  static boolean speaksOfPhones(String text, int start) {
    return PHONE.matcher(before(text, start)).find();
  }

  /** Whether a citizen service number was announced before or is named right after. */
  static boolean speaksOfBsn(String text, int start, int end) {
    return BSN.matcher(before(text, start)).find()
        || BSN_AFTER.matcher(text.substring(end, Math.min(text.length(), end + REACH))).find();
  }

  /** Whether the label right before announces a postcode. */
  static boolean announcesPostcode(String text, int start) {
    return POSTCODE.matcher(before(text, start)).find();
  }

  private static String before(String text, int start) {
    return text.substring(Math.max(0, start - REACH), start);
  }
}
