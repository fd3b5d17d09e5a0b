package dev.dragoman.tests.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.connectors.index.SearchIndex;
import dev.dragoman.connectors.index.WriteLucene;
import dev.dragoman.connectors.run.RunDirectory;
import dev.dragoman.operators.config.Configs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every document is in the index once, however often the job dies. */
@Timeout(400)
class WriteLuceneOnFlinkTest {
  private static final int TICKETS = 2_000;

  @TempDir Path out;

  @Test
  void everyTicketIsIndexedOnceThoughTheJobDies() throws IOException {
    Pipeline pipeline = Crashing.pipeline();
    Crashing.tickets(pipeline, "lucene", TICKETS, Set.of(300, 1_100, 1_900))
        .apply(
            "Index",
            WriteLucene.documents(
                "WriteLucene",
                Configs.configure(
                    WriteLucene.Config.class,
                    new ObjectMapper()
                        .readTree(
                            "{'path': '%s', 'shards': 2, 'commit_every': '300ms'}"
                                .formatted(out)
                                .replace('\'', '"')))));
    PipelineResult result = pipeline.run();
    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);

    try (SearchIndex index = new SearchIndex(RunDirectory.open(out).index())) {
      assertThat(index.size()).isEqualTo(TICKETS);
      for (int number : new int[] {0, 299, 300, 1_101, TICKETS - 1}) {
        String text = "ticket %05d".formatted(number);
        assertThat(find(index, "\"" + text + "\"")).containsExactly(text);
      }
    }
  }

  private static Stream<String> find(SearchIndex index, String query) throws IOException {
    SearchIndex.Request request =
        new SearchIndex.Request(query, SearchIndex.Mode.TEXT, Map.of(), 10);
    return index.search(request, _ -> new float[0]).stream().map(SearchIndex.Hit::text);
  }
}
