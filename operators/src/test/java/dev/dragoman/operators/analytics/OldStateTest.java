package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.junit.jupiter.api.Test;

/** Bytes of savepoints that the first release wrote. Never change them. */
class OldStateTest {
  private static <T> T read(Coder<T> coder, String hex) throws IOException {
    return coder.decode(new ByteArrayInputStream(HexFormat.of().parseHex(hex)));
  }

  @Test
  void aTallyOfLayoutOneIsRead() throws IOException {
    assertThat(read(new TallyCoder(), "010101ffffffffffffffffff010203626f7801046c616d7001"))
        .isEqualTo(Tally.ofDocument(-1.0, List.of("lamp", "box")));
  }

  @Test
  void aDocumentThatWaitsOfLayoutOneIsRead() throws IOException {
    assertThat(
            read(
                new ArrivalCoder(),
                "010180b0d0dbb833014039646164313831656139646631386335333639376337616335656432"
                    + "326261341a75726e3a7469636b65743a743114746578742f706c61696e08c98e85f249002f03"
                    + "068e2a61e1a1df5c0db035d6cdf41d00ff6056ed630609470110436c61737369667902310874"
                    + "696e7901000102087465787408746578740100086c616d70010400087465787410436c617373"
                    + "69667902310874696e791a636f6c756d6e3a6e756d6265727ff8000000000000043137"))
        .isEqualTo(
            new Arrival(true, 1_767_571_200_000L, ticket("t1", "lamp", "column:number", "17")));
  }

  @Test
  void aNewerLayoutIsRefusedAndNotMisread() {
    assertThatThrownBy(() -> read(new TallyCoder(), "020101ff"))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("newer release");
  }
}
