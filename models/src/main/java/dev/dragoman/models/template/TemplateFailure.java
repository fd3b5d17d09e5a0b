package dev.dragoman.models.template;

import dev.dragoman.models.ModelException;

/** What a template did wrong, or what it wanted and may not have. */
final class TemplateFailure extends ModelException {
  private static final long serialVersionUID = 1;

  /** The kinds of failure, with the names they have in Python. */
  enum Kind {
    SYNTAX("TemplateSyntaxError"),
    TYPE("TypeError"),
    VALUE("ValueError"),
    UNDEFINED("UndefinedError"),
    SECURITY("SecurityError"),
    DIVISION("ZeroDivisionError"),
    OVERFLOW("OverflowError"),
    RUNTIME("TemplateRuntimeError"),
    ARGUMENT("FilterArgumentError"),
    LIMIT("limit"),
    UNSUPPORTED("not supported");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  private final Kind kind;
  private final String detail;

  TemplateFailure(Kind kind, String detail) {
    super(detail);
    this.kind = kind;
    this.detail = detail;
  }

  private TemplateFailure(Kind kind, String detail, int line) {
    super("chat template, line %d: %s (%s)".formatted(line, detail, kind.title));
    this.kind = kind;
    this.detail = detail;
  }

  TemplateFailure at(int line) {
    TemplateFailure placed = new TemplateFailure(kind, detail, line);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  Kind kind() {
    return kind;
  }

  /** What is wrong, without the line. */
  String detail() {
    return detail;
  }

  static TemplateFailure type(String detail) {
    return new TemplateFailure(Kind.TYPE, detail);
  }

  static TemplateFailure value(String detail) {
    return new TemplateFailure(Kind.VALUE, detail);
  }

  static TemplateFailure unsupported(String detail) {
    return new TemplateFailure(Kind.UNSUPPORTED, detail);
  }
}
