package dev.dragoman.connectors.index;

import dev.dragoman.connectors.DocumentKey;
import dev.dragoman.connectors.parquet.StreamMarker;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Keeps a search index fresh: a document takes the place of an older one with the same key. A
 * {@link SearchIndex} that is open sees what was committed after {@link SearchIndex#refresh()}.
 */
public final class WriteLucene {
  /** Its {@code type} in a recipe. */
  public static final String NAME = "WriteLucene";

  private static final TupleTag<KV<Integer, byte[]>> KEYED =
      new TupleTag<>("keyed") {
        private static final long serialVersionUID = 1;
      };

  private static final TupleTag<Rejected> REJECTED =
      new TupleTag<>("rejected") {
        private static final long serialVersionUID = 1;
      };

  private WriteLucene() {}

  /** The configuration. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Keeps a search index fresh, a document a key.",
      details =
          "A document takes the place of the one with the same key, unless that one is newer by"
              + " event time. The index lies in the folder 'index' under the path, where"
              + " 'dragoman search' finds it while the stream runs. Documents wait in the stream's"
              + " state until they are committed, so that nothing is lost or doubled in a crash.")
  public record Config(
      @Param("The folder, which every worker must be able to write.") String path,
      @Param(
              value =
                  "What documents with the same value replace each other by: document_id,"
                      + " source_uri, or a field of the message.",
              fallback = "\"document_id\"")
          String id,
      @Param(
              value = "In how many parts the index is written, each by a worker of its own.",
              fallback = "1")
          int shards,
      @Param(value = "How long a document waits for a commit at most.", fallback = "\"5s\"")
          Duration commitEvery,
      @Param(value = "How many documents a commit has at most.", fallback = "2000")
          int commitDocuments)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      if (path.isBlank() || path.contains("://")) {
        throw new ConfigException(
            "path",
            NAME
                + ".path must be a folder on a disk that every worker can write, not '"
                + path
                + "'");
      }
      path = Path.of(path).toAbsolutePath().normalize().toString();
      if (id.isBlank()) {
        throw new ConfigException("id", NAME + ".id is empty; document_id is the usual one");
      }
      if (shards < 1 || shards > 64) {
        throw new ConfigException("shards", NAME + ".shards must be from 1 to 64, not " + shards);
      }
      if (commitEvery.toMillis() < 100) {
        throw new ConfigException(
            "commit_every", NAME + ".commit_every must be at least 100ms, not " + commitEvery);
      }
      if (commitDocuments < 1) {
        throw new ConfigException(
            "commit_documents", NAME + ".commit_documents must be at least 1");
      }
    }

    /** Where this shard of the index is. */
    Path folder(int shard) {
      Path index = Path.of(path).resolve("index");
      return shards == 1 ? index : index.resolve(SearchIndex.SHARD + shard);
    }
  }

  /**
   * Indexes documents.
   *
   * @param step its name in metrics
   * @return documents without a key, in the global window
   */
  public static PTransform<PCollection<Document>, PCollection<Rejected>> documents(
      String step, Config config) {
    return PTransform.compose(
        NAME,
        documents -> {
          PCollectionTuple keyed =
              documents
                  .apply("Unwindow", Window.into(new GlobalWindows()))
                  .apply(
                      "Key",
                      ParDo.of(new Key(config)).withOutputTags(KEYED, TupleTagList.of(REJECTED)));
          keyed
              .get(KEYED)
              .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()))
              .apply("Upsert", ParDo.of(new UpsertIndex(step, config)));
          return keyed.get(REJECTED).setCoder(RejectedCoder.of());
        });
  }

  private static final class Key extends DoFn<Document, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Config config;
    private final DocumentKey key;

    Key(Config config) {
      this.config = config;
      this.key = new DocumentKey(config.id());
    }

    @Setup
    public void mark() throws IOException {
      StreamMarker.put(Path.of(config.path()));
    }

    @ProcessElement
    public void process(@Element Document document, MultiOutputReceiver out) throws CoderException {
      Optional<String> found = key.of(document);
      if (found.isEmpty()) {
        out.get(REJECTED)
            .output(
                new Rejected(document, new Failure(RejectionCode.BAD_ROW, NAME, key.missing(), 1)));
        return;
      }
      int shard = Math.floorMod(found.get().hashCode() * 0x9E3779B9 >>> 8, config.shards());
      out.get(KEYED)
          .output(KV.of(shard, CoderUtils.encodeToByteArray(DocumentCoder.of(), document)));
    }
  }
}
