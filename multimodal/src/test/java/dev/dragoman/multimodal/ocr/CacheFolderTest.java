package dev.dragoman.multimodal.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
  private static final String LARGE = "0123456789".repeat(200_000);

  @TempDir Path parent;

  @Test
  void manyWhoAskAtOnceGetOneWholeFolder() throws Exception {
    Callable<Boolean> ask =
        () -> {
          Path folder = new CacheFolder(parent).holding("data", files());
          return Files.readString(folder.resolve("a")).equals(LARGE)
              && Files.readString(folder.resolve("b")).equals("b");
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Boolean> whole :
          threads.invokeAll(IntStream.range(0, 24).mapToObj(i -> ask).toList())) {
        assertThat(whole.get()).isTrue();
      }
    }
    try (Stream<Path> left = Files.list(parent)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void otherContentGoesToAnotherFolder() {
    CacheFolder cache = new CacheFolder(parent);
    SortedMap<String, CacheFolder.Source> other = files();
    other.put("b", () -> new ByteArrayInputStream(new byte[] {'c'}));

    assertThat(cache.holding("data", other)).isNotEqualTo(cache.holding("data", files()));
  }

  @Test
  void fileThatWasCutOffIsPutBack() throws Exception {
    CacheFolder cache = new CacheFolder(parent);
    Path folder = cache.holding("data", files());
    Files.writeString(folder.resolve("a"), "cut");
    Files.delete(folder.resolve("b"));

    assertThat(cache.holding("data", files())).isEqualTo(folder);

    assertThat(folder.resolve("a")).hasContent(LARGE);
    assertThat(folder.resolve("b")).hasContent("b");
  }

  @Test
  void folderThatCannotBeWrittenSaysWhatToDo() throws Exception {
    Path file = Files.createFile(parent.resolve("file"));

    assertThatThrownBy(() -> new CacheFolder(file.resolve("in")).holding("data", files()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("DRAGOMAN_HOME");
  }

  private static SortedMap<String, CacheFolder.Source> files() {
    SortedMap<String, CacheFolder.Source> files = new TreeMap<>();
    for (String content : List.of(LARGE, "b")) {
      files.put(
          content.equals("b") ? "b" : "a",
          () -> new ByteArrayInputStream(content.getBytes(StandardCharsets.US_ASCII)));
    }
    return files;
  }
}
