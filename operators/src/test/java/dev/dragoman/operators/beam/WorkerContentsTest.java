package dev.dragoman.operators.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerContentsTest {
  @TempDir Path folder;

  private static Content.Reference reference(URI uri) {
    return new Content.Reference(uri, 3, Sha256.of(new byte[] {1}));
  }

  @Test
  void filesOnThisMachineAreReadEvenOffline() throws IOException {
    Path file = Files.write(folder.resolve("a b#ü.bin"), new byte[] {1, 2, 3});
    try (var in = new WorkerContents(true).open(reference(file.toUri()))) {
      assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void offlineOpensNoConnection() {
    assertThatThrownBy(
            () -> new WorkerContents(true).open(reference(URI.create("s3://bucket/key"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("s3://bucket/key")
        .hasMessageContaining("switched off");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nowhere://bucket/key", "file:///no/such/file", "file:///a#row=1", "urn:isbn:1"})
  void whatCannotBeOpenedIsAnIoFailure(String uri) {
    assertThatThrownBy(() -> new WorkerContents(false).open(reference(URI.create(uri))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void addressesOfOtherMachinesAreNotEncoded() {
    assertThat(Content.address(URI.create("s3://my-inbox/2026/annual%20report%20%C3%BC.pdf")))
        .isEqualTo("s3://my-inbox/2026/annual report ü.pdf");
    assertThat(Content.address(URI.create("gs://bucket"))).isEqualTo("gs://bucket");
  }
}
