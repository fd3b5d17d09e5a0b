package dev.dragoman.models.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Test
  void whatMayBeginAStopStringWaits() {
    StopStrings stops = new StopStrings(List.of("END", "###"));
    assertThat(stops.take("text E")).isEqualTo("text ");
    assertThat(stops.take("N")).isEmpty();
    assertThat(stops.take("TER #")).isEqualTo("ENTER ");
    assertThat(stops.finish()).isEqualTo("#");
    assertThat(stops.stopped()).isFalse();
  }

  @Test
  void theFirstOfSeveralStopsTheText() {
    StopStrings stops = new StopStrings(List.of("bc", "abcd"));
    assertThat(stops.take("xxab")).isEqualTo("xx");
    assertThat(stops.take("c")).isEqualTo("a");
    assertThat(stops.stopped()).isTrue();
    assertThat(stops.take("more")).isEmpty();
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void theTextIsTheSameHoweverItIsCut() {
    Random random = new Random(5);
    for (int round = 0; round < 5000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 12; i++) {
        text.append((char) ('a' + random.nextInt(2)));
      }
      String stop = random.nextBoolean() ? "aab" : "abab";
      StopStrings stops = new StopStrings(List.of(stop));
      StringBuilder shown = new StringBuilder();
      for (int from = 0; from < text.length(); ) {
        int to = Math.min(text.length(), from + 1 + random.nextInt(3));
        shown.append(stops.take(text.substring(from, to)));
        from = to;
      }
      shown.append(stops.finish());
      int at = text.indexOf(stop);
      assertThat(shown.toString()).isEqualTo(at < 0 ? text.toString() : text.substring(0, at));
    }
  }
}
