package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.math.BigDecimal;

/** The numbers in a schema. */
final class JsonNumbers {
  private JsonNumbers() {}

  /** The exact decimal; a double counts as what it prints as. */
  static BigDecimal decimal(JsonNode number) {
    if (number.isDouble() || number.isFloat()) {
      double value = number.doubleValue();
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        throw new ModelException("A JSON schema holds the number " + value);
      }
      return new BigDecimal(number.asText());
    }
    return number.decimalValue();
  }

  /** A count from 0; huge ones become the largest int. */
  static int count(JsonNode number, String pointer) {
    if (!number.isNumber()) {
      throw SchemaDocument.refused(pointer, "must be a number");
    }
    BigDecimal value = decimal(number);
    boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    if (value.signum() < 0 || !whole) {
      throw SchemaDocument.refused(pointer, "must be an integer from 0");
    }
    return value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) >= 0
        ? Integer.MAX_VALUE
        : value.intValue();
  }
}
