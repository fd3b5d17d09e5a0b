package dev.dragoman.operators.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  /** Of no bytes at all, as FIPS 180-4's examples give it. */
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void aDigestIsThatOfTheStandard() {
    assertThat(Sha256.of(new byte[0])).hasToString(EMPTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550",
        "E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85/",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85:",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85`"
      })
  void whatIsNot64LowerCaseHexadecimalDigitsIsNoDigest(String text) {
    assertThatThrownBy(() -> new Sha256(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a SHA-256 digest: " + text);
  }

  @Test
  void anIdHas32Digits() {
    assertThat(DocumentId.of(URI.create("file:///a"), new Sha256(EMPTY)).value()).hasSize(32);
    assertThatThrownBy(() -> new DocumentId(EMPTY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(EMPTY);
  }
}
