package dev.dragoman.connectors.rejected;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.run.OutputSession.Mode;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersTest {
  @TempDir Path folder;

  private final Rejected corrupt = Samples.rejected("kapot.pdf", RejectionCode.CORRUPT);
  private final Rejected missing = Samples.rejected("call.wav", RejectionCode.MISSING_MODEL);

  private DeadLetters letters() throws IOException {
    Path out = folder.resolve("out");
    Samples.write(out, Mode.FRESH, List.of(), List.of(corrupt, missing));
    return DeadLetters.open(out);
  }

  @Test
  void listSaysWhatHappenedToWhat() throws IOException {
    List<DeadLetters.Letter> found = new ArrayList<>();
    letters().list(found::add);

    assertThat(found)
        .contains(
            new DeadLetters.Letter(
                corrupt.document().id(),
                "file:///in/kapot.pdf",
                "ExtractText",
                RejectionCode.CORRUPT,
                "it is broken: kapot.pdf",
                1))
        .hasSize(2);
  }

  @Test
  void shownDocumentIsWhatWasRejectedToTheLastByte() throws IOException {
    assertThat(letters().show(corrupt.document().id().value().substring(0, 8))).isEqualTo(corrupt);
  }

  @Test
  void unknownAndShortIdsAreTheUsersMistake() throws IOException {
    DeadLetters letters = letters();
    assertThatThrownBy(() -> letters.show("ffffffffffff"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("list");
    assertThatThrownBy(() -> letters.show("")).isInstanceOf(UsageException.class);
  }

  @Test
  void payloadsAreDecodedForThoseThatAreWanted() throws IOException {
    List<Rejected> found = new ArrayList<>();
    letters().payloads(letter -> letter.code() == RejectionCode.MISSING_MODEL, found::add);

    assertThat(found).containsExactly(missing);
  }
}
