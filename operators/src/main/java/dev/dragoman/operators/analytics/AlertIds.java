package dev.dragoman.operators.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.record.Sha256;

/** Names alerts by what they are about. */
final class AlertIds {
  private static final int DIGITS = 32;

  private AlertIds() {}

  static String of(String... about) {
    return Sha256.of(String.join("\0", about).getBytes(UTF_8)).hex().substring(0, DIGITS);
  }
}
