package dev.dragoman.models.tokenizer;

import dev.dragoman.models.SpecialToken;
import dev.dragoman.models.TokenStream;
import dev.dragoman.models.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The steps of a tokenizer, put together. Any number of threads may use it. */
public final class PipelineTokenizer implements Tokenizer {
  private final Steps steps;
  private final AddedTokens raw;
  private final AddedTokens normalized;
  private final TokenDecoder decoder;

  PipelineTokenizer(Steps steps) {
    this.steps = steps;
    List<AddedToken> asWritten =
        steps.added().stream().filter(token -> !token.normalized()).toList();
    this.raw = new AddedTokens(asWritten, asWritten.stream().map(AddedToken::content).toList());
    List<AddedToken> others = steps.added().stream().filter(AddedToken::normalized).toList();
    List<String> normal = others.stream().map(token -> normal(token.content())).toList();
    this.normalized = new AddedTokens(others, normal);
    List<String> names = new ArrayList<>(steps.vocabulary().names());
    for (int i = 0; i < others.size(); i++) {
      names.set(others.get(i).id(), normal.get(i));
    }
    BitSet special = new BitSet();
    steps.added().stream().filter(AddedToken::special).forEach(token -> special.set(token.id()));
    this.decoder = new TokenDecoder(List.copyOf(names), special, steps.decoding());
  }

  private String normal(String content) {
    Pieces in = new Pieces();
    in.append(content, 0, content.length());
    Pieces out = new Pieces();
    for (Normalizer normalizer : steps.normalizers()) {
      out.clear();
      normalizer.normalize(in, out);
      Pieces next = in;
      in = out;
      out = next;
    }
    return in.toString();
  }

  @Override
  public Tokens encode(String text) {
    return encode(text, Integer.MAX_VALUE);
  }

  /** The first tokens of a text; what comes after them is not looked at. */
  public Tokens encode(String text, int limit) {
    return Assembly.cut(begin(text, limit), limit);
  }

  /** At least so many tokens, if the text has them. */
  private Tokens begin(String text, int limit) {
    return new Encoding(steps, raw, normalized, text, limit).tokens();
  }

  @Override
  public Tokens encodeForModel(String text, int limit) {
    List<Template.Part> parts = steps.template().single();
    Tokens inner = encode(text, room(parts, limit));
    return new Assembly(parts, inner, inner).pair().tokens();
  }

  @Override
  public Pair encodeForModel(String first, String second, int limit) {
    List<Template.Part> parts = steps.template().pair();
    int room = room(parts, limit);
    Tokens one = begin(first, limit);
    Tokens two = begin(second, limit);
    int shorter = Math.min(one.size(), two.size());
    int longer = Math.max(shorter, room - shorter);
    if (one.size() + two.size() <= room) {
      longer = room;
    } else if (shorter + longer > room) {
      shorter = room / 2;
      longer = room - shorter;
    }
    boolean firstLonger = one.size() > two.size();
    return new Assembly(
            parts,
            Assembly.cut(one, firstLonger ? longer : shorter),
            Assembly.cut(two, firstLonger ? shorter : longer))
        .pair();
  }

  private static int room(List<Template.Part> parts, int limit) {
    int around = Template.specials(parts);
    if (limit < around) {
      throw new IllegalArgumentException("a limit of " + limit + " leaves no room for any token");
    }
    return limit - around;
  }

  @Override
  public TokenStream stream(boolean skipSpecial) {
    return decoder.stream(skipSpecial);
  }

  @Override
  public byte[] bytes(int id) {
    return decoder.bytes(id);
  }

  @Override
  public OptionalInt id(String token) {
    int id = steps.vocabulary().id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public OptionalInt special(SpecialToken role) {
    Integer id = steps.specials().get(role);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public Optional<String> chatTemplate() {
    return Optional.ofNullable(steps.chatTemplate());
  }

  @Override
  public int vocabularySize() {
    return steps.vocabulary().size();
  }

  @Override
  public String token(int id) {
    return steps.vocabulary().names().get(id);
  }

  /** Whether upper and lower case are the same to it. */
  public boolean lowercases() {
    return steps.normalizers().stream().anyMatch(Normalizer::lowercases);
  }
}
