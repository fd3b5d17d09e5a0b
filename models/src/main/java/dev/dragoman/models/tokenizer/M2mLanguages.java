package dev.dragoman.models.tokenizer;

import java.util.List;

/** The languages of M2M-100, in the order of the tokens that follow its vocabulary. */
public final class M2mLanguages {
  /** Their codes. */
  public static final List<String> CODES =
      List.of(
          ("af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl"
                  + " gu ha he hi hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv"
                  + " mg mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so sq sr"
                  + " ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu")
              .split(" "));

  /** Their tokens. */
  public static final List<String> TOKENS = CODES.stream().map(M2mLanguages::token).toList();

  private M2mLanguages() {}

  /** The token of a language. */
  public static String token(String code) {
    return "__" + code + "__";
  }
}
