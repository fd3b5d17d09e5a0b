package dev.dragoman.operators.text;

import java.util.Locale;

/** The kinds of personal data that {@link MaskPii} finds. */
public enum PiiKind {
  /** An e-mail address. */
  EMAIL,
  /** A telephone number. */
  PHONE,
  /** An international bank account number. */
  IBAN,
  /** A Dutch citizen service number. */
  BSN,
  /** A payment card number. */
  CARD,
  /** An internet address, of version 4 or 6. */
  IP,
  /** A Dutch postcode. */
  POSTCODE;

  /** The kind of its annotations. */
  String annotation() {
    return name().toLowerCase(Locale.ROOT);
  }
}
