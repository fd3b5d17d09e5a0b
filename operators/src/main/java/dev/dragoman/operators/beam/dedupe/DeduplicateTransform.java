package dev.dragoman.operators.beam.dedupe;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.text.Deduplicate;
import dev.dragoman.operators.text.Duplicates;
import dev.dragoman.operators.text.Duplicates.Original;
import dev.dragoman.operators.text.Duplicates.Signed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Labels every document that duplicates another one of the same window, and passes all of them on.
 *
 * <p>The documents themselves are never shuffled. What is shuffled are signatures of about 350
 * bytes: once by their text, and those of distinct texts once for each bucket they fall into (15 at
 * the default threshold). Keys are gathered into {@value #DEFAULT_SHARDS} shards, each of which is
 * held in memory while it is worked on: about 50 KB for every thousand documents of the run. Of
 * exact copies only one is compared further; the others are kept as 16 bytes each, so that a text
 * that occurs a hundred thousand times costs 1.6 MB. The labels reach the documents as a side input
 * of about 250 bytes for each duplicate.
 */
public final class DeduplicateTransform
    extends PTransform<PCollection<Document>, PCollection<Document>> {
  private static final long serialVersionUID = 1;

  private static final int DEFAULT_SHARDS = 128;

  private static final TupleTag<Signed> FIRSTS = new TupleTag<>("firsts");
  private static final TupleTag<KV<Integer, KV<String, byte[]>>> COPIES = new TupleTag<>("copies");
  private static final TupleTag<KV<String, byte[]>> COPIES_OF = new TupleTag<>("copies-of");
  private static final TupleTag<KV<String, Original>> NEAR = new TupleTag<>("near");

  private final Deduplicate.Config config;
  private final int shards;

  private DeduplicateTransform(Deduplicate.Config config, int shards) {
    this.config = config;
    this.shards = shards;
  }

  /** A transform that finds duplicates as this configuration says. */
  public static DeduplicateTransform of(Deduplicate.Config config) {
    return new DeduplicateTransform(config, DEFAULT_SHARDS);
  }

  /** The same with another number of shards: more for tens of millions of documents. */
  public DeduplicateTransform withShards(int number) {
    return new DeduplicateTransform(config, number);
  }

  @Override
  public PCollection<Document> expand(PCollection<Document> documents) {
    Coder<Integer> shard = VarIntCoder.of();
    Coder<String> id = StringUtf8Coder.of();
    Coder<Signed> signed = new SignedCoder();
    Coder<Original> original = new OriginalCoder();

    PCollectionTuple distinct =
        documents
            .apply("Sign", ParDo.of(new Sign(config, shards)))
            .setCoder(KvCoder.of(shard, signed))
            .apply("EqualTexts", GroupByKey.create())
            .apply(
                "KeepFirst",
                ParDo.of(new KeepFirst(shards)).withOutputTags(FIRSTS, TupleTagList.of(COPIES)));
    PCollection<KV<Integer, KV<String, Original>>> near =
        distinct
            .get(FIRSTS)
            .setCoder(signed)
            .apply("Buckets", ParDo.of(new Buckets(config, shards)))
            .setCoder(KvCoder.of(shard, KvCoder.of(BigEndianLongCoder.of(), signed)))
            .apply("SimilarTexts", GroupByKey.create())
            .apply("Compare", ParDo.of(new Compare(config, shards)))
            .setCoder(KvCoder.of(shard, KvCoder.of(id, original)));
    PCollection<KV<Integer, KV<String, byte[]>>> copies =
        distinct.get(COPIES).setCoder(KvCoder.of(shard, KvCoder.of(id, ByteArrayCoder.of())));
    PCollectionView<Map<String, Original>> originals =
        KeyedPCollectionTuple.of(NEAR, near)
            .and(COPIES_OF, copies)
            .apply("CopiesOfSimilar", CoGroupByKey.create())
            .apply("Smallest", ParDo.of(new Smallest()))
            .setCoder(KvCoder.of(id, original))
            .apply("Originals", View.asMap());
    return documents
        .apply("Label", ParDo.of(new Label(originals)).withSideInputs(originals))
        .setCoder(documents.getCoder());
  }

  private static int shardOf(int hash, int shards) {
    return (hash * 0x9E3779B1 >>> 8) % shards;
  }

  private static final class Sign extends DoFn<Document, KV<Integer, Signed>> {
    private static final long serialVersionUID = 1;
    private final Deduplicate.Config config;
    private final int shards;
    private transient @Nullable Duplicates duplicates;

    Sign(Deduplicate.Config config, int shards) {
      this.config = config;
      this.shards = shards;
    }

    @ProcessElement
    public void process(@Element Document document, OutputReceiver<KV<Integer, Signed>> out) {
      if (duplicates == null) {
        duplicates = new Duplicates(config);
      }
      duplicates
          .sign(document)
          .ifPresent(signed -> out.output(KV.of(shardOf(signed.key().hashCode(), shards), signed)));
    }
  }

  /** Of equal texts the first by id; the ids of the others, packed. */
  private static final class KeepFirst extends DoFn<KV<Integer, Iterable<Signed>>, Signed> {
    private static final long serialVersionUID = 1;
    private static final int ID_BYTES = 16;
    private static final int MOST_IDS_AT_ONCE = 4096;
    private final int shards;

    KeepFirst(int shards) {
      this.shards = shards;
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<Signed>> shard, MultiOutputReceiver out) {
      Map<String, Equal> texts = new HashMap<>();
      for (Signed signed : shard.getValue()) {
        Equal equal = texts.get(signed.key());
        if (equal == null) {
          texts.put(signed.key(), new Equal(signed));
        } else {
          equal.add(signed);
        }
      }
      for (Equal equal : texts.values()) {
        out.get(FIRSTS).output(equal.first);
        String first = equal.first.id().value();
        for (int from = 0; from < equal.length; from += ID_BYTES * MOST_IDS_AT_ONCE) {
          int to = Math.min(equal.length, from + ID_BYTES * MOST_IDS_AT_ONCE);
          byte[] ids = Arrays.copyOfRange(equal.others, from, to);
          out.get(COPIES).output(KV.of(shardOf(first.hashCode(), shards), KV.of(first, ids)));
        }
      }
    }

    /** The documents with one text. */
    private static final class Equal {
      private Signed first;
      private byte[] others = new byte[0];
      private int length;

      Equal(Signed first) {
        this.first = first;
      }

      void add(Signed signed) {
        Signed larger = signed;
        if (signed.id().compareTo(first.id()) < 0) {
          larger = first;
          first = signed;
        }
        if (length == others.length) {
          others = Arrays.copyOf(others, Math.max(4 * ID_BYTES, 2 * length));
        }
        byte[] id = HexFormat.of().parseHex(larger.id().value());
        System.arraycopy(id, 0, others, length, ID_BYTES);
        length += ID_BYTES;
      }
    }
  }

  private static final class Buckets extends DoFn<Signed, KV<Integer, KV<Long, Signed>>> {
    private static final long serialVersionUID = 1;
    private final Deduplicate.Config config;
    private final int shards;
    private transient @Nullable Duplicates duplicates;

    Buckets(Deduplicate.Config config, int shards) {
      this.config = config;
      this.shards = shards;
    }

    @ProcessElement
    public void process(@Element Signed signed, OutputReceiver<KV<Integer, KV<Long, Signed>>> out) {
      if (duplicates == null) {
        duplicates = new Duplicates(config);
      }
      for (long bucket : duplicates.buckets(signed)) {
        out.output(KV.of(shardOf(Long.hashCode(bucket), shards), KV.of(bucket, signed)));
      }
    }
  }

  private static final class Compare
      extends DoFn<KV<Integer, Iterable<KV<Long, Signed>>>, KV<Integer, KV<String, Original>>> {
    private static final long serialVersionUID = 1;
    private final Deduplicate.Config config;
    private final int shards;
    private transient @Nullable Duplicates duplicates;

    Compare(Deduplicate.Config config, int shards) {
      this.config = config;
      this.shards = shards;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<KV<Long, Signed>>> shard,
        OutputReceiver<KV<Integer, KV<String, Original>>> out) {
      if (duplicates == null) {
        duplicates = new Duplicates(config);
      }
      Map<Long, List<Signed>> buckets = new HashMap<>();
      for (KV<Long, Signed> member : shard.getValue()) {
        buckets.computeIfAbsent(member.getKey(), _ -> new ArrayList<>()).add(member.getValue());
      }
      for (List<Signed> bucket : buckets.values()) {
        for (Duplicates.Finding found : duplicates.near(bucket)) {
          String id = found.id().value();
          out.output(KV.of(shardOf(id.hashCode(), shards), KV.of(id, found.original())));
        }
      }
    }
  }

  /** What each text and all its copies duplicate. */
  private static final class Smallest extends DoFn<KV<Integer, CoGbkResult>, KV<String, Original>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<Integer, CoGbkResult> shard, OutputReceiver<KV<String, Original>> out) {
      Map<String, Original> originals = new HashMap<>();
      for (KV<String, Original> near : shard.getValue().getAll(NEAR)) {
        originals.merge(near.getKey(), near.getValue(), Duplicates::smallest);
      }
      originals.forEach((id, original) -> out.output(KV.of(id, original)));
      Set<String> seen = new HashSet<>();
      for (KV<String, byte[]> copies : shard.getValue().getAll(COPIES_OF)) {
        String first = copies.getKey();
        Original ofCopies = Duplicates.ofCopy(new DocumentId(first), originals.get(first));
        byte[] ids = copies.getValue();
        for (int from = 0; from < ids.length; from += KeepFirst.ID_BYTES) {
          String id = HexFormat.of().formatHex(ids, from, from + KeepFirst.ID_BYTES);
          if (!id.equals(first) && seen.add(id)) {
            out.output(KV.of(id, ofCopies));
          }
        }
      }
    }
  }

  private static final class Label extends DoFn<Document, Document> {
    private static final long serialVersionUID = 1;
    private final PCollectionView<Map<String, Original>> originals;

    Label(PCollectionView<Map<String, Original>> originals) {
      this.originals = originals;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      Document document = context.element();
      Original original = context.sideInput(originals).get(document.id().value());
      context.output(Duplicates.labelled(document, original));
    }
  }
}
