package dev.dragoman.models.template;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text names, operators and numbers as written, strings unescaped, text as it is printed
 * @param line where it starts, from 1
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    DATA("template data / text"),
    PRINT_BEGIN("begin of print statement"),
    PRINT_END("end of print statement"),
    BLOCK_BEGIN("begin of statement block"),
    BLOCK_END("end of statement block"),
    NAME("name"),
    STRING("string"),
    INTEGER("integer"),
    FLOAT("float"),
    OPERATOR("operator"),
    END("end of template");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** The token as error messages name it. */
  String describe() {
    return kind == Kind.NAME || kind == Kind.OPERATOR ? text : kind.title;
  }
}
