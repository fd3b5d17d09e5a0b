package dev.dragoman.connectors.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.index.LiveIndex.Version;
import dev.dragoman.operators.record.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents take their own places, and readers that are open see it. */
class LiveIndexTest {
  @TempDir Path folder;

  @Test
  void readerThatIsOpenSeesWhatWasCommittedSince() throws IOException {
    LiveIndex index = LiveIndex.acquire(folder);
    index.upsert(List.of(version("T-1", 1, "the printer burns")));
    try (SearchIndex search = new SearchIndex(folder)) {
      assertThat(texts(search, "printer")).containsExactly("the printer burns");

      index.upsert(List.of(version("T-2", 2, "the printer smokes")));
      assertThat(texts(search, "smokes")).isEmpty();
      assertThat(search.refresh()).isTrue();
      assertThat(texts(search, "smokes")).containsExactly("the printer smokes");
      assertThat(search.size()).isEqualTo(2);
      assertThat(search.refresh()).as("nothing is new").isFalse();
    } finally {
      index.release();
    }
  }

  @Test
  void newestVersionStaysWhateverTheOrder() throws IOException {
    LiveIndex index = LiveIndex.acquire(folder);
    assertThat(index.upsert(List.of(version("T", 5, "five"), version("T", 3, "three"))))
        .as("three is outdated within the batch")
        .isEqualTo(1);
    assertThat(index.upsert(List.of(version("T", 4, "four"))))
        .as("four is outdated by what is in the index")
        .isZero();
    assertThat(index.upsert(List.of(version("T", 5, "five again")))).isEqualTo(1);
    assertThat(index.upsert(List.of(version("T", 6, "six")))).isEqualTo(1);
    index.release();

    try (SearchIndex search = new SearchIndex(folder)) {
      assertThat(search.size()).isEqualTo(1);
      assertThat(texts(search, "six")).containsExactly("six");
    }
  }

  @Test
  void chunksOfAnOlderVersionGoWithIt() throws IOException {
    LiveIndex index = LiveIndex.acquire(folder);
    Document chunked = Samples.embedded(Samples.text("t", "old words"), Samples.vector(8, 1));
    index.upsert(List.of(new Version("T", 1, chunked)));
    index.upsert(List.of(version("T", 2, "new words")));
    index.release();

    try (SearchIndex search = new SearchIndex(folder)) {
      assertThat(texts(search, "words")).containsExactly("new words");
    }
  }

  @Test
  void batchIndexIsTakenOver() throws IOException {
    Document document = Samples.text("a", "of the batch");
    try (IndexBuilder builder = new IndexBuilder(folder)) {
      builder.add(document);
      builder.commit();
    }
    LiveIndex index = LiveIndex.acquire(folder);
    index.upsert(List.of(new Version(document.id().value(), 1, document)));
    index.release();

    try (SearchIndex search = new SearchIndex(folder)) {
      assertThat(search.size()).isEqualTo(1);
    }
  }

  @Test
  void lockFileOfAKilledProcessDoesNotBlock() throws IOException {
    Files.createFile(folder.resolve("write.lock"));
    LiveIndex index = LiveIndex.acquire(folder);
    index.upsert(List.of(version("T", 1, "written")));
    index.release();
    try (SearchIndex search = new SearchIndex(folder)) {
      assertThat(search.size()).isEqualTo(1);
    }
  }

  @Test
  void indexThatSomebodyElseWritesIsTold() throws IOException {
    try (IndexBuilder other = new IndexBuilder(folder)) {
      other.commit();
      assertThatThrownBy(() -> LiveIndex.acquire(folder))
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("another process");
    }
  }

  @Test
  void severalPartsAreSearchedAsOne() throws IOException {
    for (int shard = 0; shard < 3; shard++) {
      LiveIndex part = LiveIndex.acquire(folder.resolve(SearchIndex.SHARD + shard));
      part.upsert(List.of(version("T-" + shard, 1, "printer " + shard)));
      part.release();
    }
    try (SearchIndex search = new SearchIndex(folder)) {
      assertThat(texts(search, "printer"))
          .containsExactlyInAnyOrder("printer 0", "printer 1", "printer 2");

      LiveIndex part = LiveIndex.acquire(folder.resolve(SearchIndex.SHARD + 1));
      part.upsert(List.of(version("T-9", 1, "printer 9")));
      part.release();
      assertThat(search.refresh()).isTrue();
      assertThat(search.size()).isEqualTo(4);
    }
  }

  private static Version version(String key, long time, String text) {
    return new Version(key, time, Samples.text(key + "/" + time, text));
  }

  private static List<String> texts(SearchIndex search, String query) throws IOException {
    SearchIndex.Request request =
        new SearchIndex.Request(query, SearchIndex.Mode.TEXT, Map.of(), 10);
    return search.search(request, _ -> new float[0]).stream().map(SearchIndex.Hit::text).toList();
  }
}
