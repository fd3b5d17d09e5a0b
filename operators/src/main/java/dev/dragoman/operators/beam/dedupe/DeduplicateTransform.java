package dev.dragoman.operators.beam.dedupe;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.text.Deduplicate;
import dev.dragoman.operators.text.Duplicates;
import dev.dragoman.operators.text.Duplicates.Original;
import dev.dragoman.operators.text.Duplicates.Signed;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Labels every document that duplicates another one of the same window, and passes all of them on.
 *
 * <p>What is compared are signatures of about 350 bytes a document; the documents themselves are
 * shuffled once, by id, to get their labels. Of exact copies only one is compared further, and the
 * others are kept as 16 bytes each, so that a text that occurs a hundred thousand times costs 1.6
 * MB.
 */
public final class DeduplicateTransform
    extends PTransform<PCollection<Document>, PCollection<Document>> {
  private static final long serialVersionUID = 1;

  private static final TupleTag<Signed> FIRSTS = new TupleTag<>("firsts");
  private static final TupleTag<KV<String, byte[]>> COPIES = new TupleTag<>("copies");
  private static final TupleTag<byte[]> COPIES_OF = new TupleTag<>("copies-of");
  private static final TupleTag<Original> NEAR = new TupleTag<>("near");
  private static final TupleTag<Document> DOCUMENT = new TupleTag<>("document");
  private static final TupleTag<Original> ORIGINAL = new TupleTag<>("original");

  private final Deduplicate.Config config;

  private DeduplicateTransform(Deduplicate.Config config) {
    this.config = config;
  }

  /** A transform that finds duplicates as this configuration says. */
  public static DeduplicateTransform of(Deduplicate.Config config) {
    return new DeduplicateTransform(config);
  }

  @Override
  public PCollection<Document> expand(PCollection<Document> documents) {
    Coder<String> id = StringUtf8Coder.of();
    Coder<Signed> signed = new SignedCoder();
    Coder<Original> original = new OriginalCoder();

    PCollectionTuple distinct =
        documents
            .apply("Sign", ParDo.of(new Sign(config)))
            .setCoder(KvCoder.of(id, signed))
            .apply("EqualTexts", GroupByKey.create())
            .apply(
                "KeepFirst",
                ParDo.of(new KeepFirst()).withOutputTags(FIRSTS, TupleTagList.of(COPIES)));
    PCollection<KV<String, Original>> near =
        distinct
            .get(FIRSTS)
            .setCoder(signed)
            .apply("Buckets", ParDo.of(new Buckets(config)))
            .setCoder(KvCoder.of(BigEndianLongCoder.of(), signed))
            .apply("SimilarTexts", GroupByKey.create())
            .apply("Compare", ParDo.of(new Compare(config)))
            .setCoder(KvCoder.of(id, original));
    PCollection<KV<String, Original>> originals =
        KeyedPCollectionTuple.of(NEAR, near)
            .and(COPIES_OF, distinct.get(COPIES).setCoder(KvCoder.of(id, ByteArrayCoder.of())))
            .apply("CopiesOfSimilar", CoGroupByKey.create())
            .apply("Smallest", ParDo.of(new Smallest()))
            .setCoder(KvCoder.of(id, original));
    PCollection<KV<String, Document>> byId =
        documents
            .apply("ById", ParDo.of(new ById()))
            .setCoder(KvCoder.of(id, documents.getCoder()));
    return KeyedPCollectionTuple.of(DOCUMENT, byId)
        .and(ORIGINAL, originals)
        .apply("Join", CoGroupByKey.create())
        .apply("Label", ParDo.of(new Label()))
        .setCoder(documents.getCoder());
  }

  private static final class Sign extends DoFn<Document, KV<String, Signed>> {
    private static final long serialVersionUID = 1;
    private final Deduplicate.Config config;
    private transient @Nullable Duplicates duplicates;

    Sign(Deduplicate.Config config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element Document document, OutputReceiver<KV<String, Signed>> out) {
      if (duplicates == null) {
        duplicates = new Duplicates(config);
      }
      duplicates.sign(document).ifPresent(signed -> out.output(KV.of(signed.key(), signed)));
    }
  }

  /** Of equal texts the first by id; the ids of the others, packed. */
  private static final class KeepFirst extends DoFn<KV<String, Iterable<Signed>>, Signed> {
    private static final long serialVersionUID = 1;
    private static final int ID_BYTES = 16;
    private static final int MOST_IDS_AT_ONCE = 4096;

    @ProcessElement
    public void process(@Element KV<String, Iterable<Signed>> equal, MultiOutputReceiver out) {
      Signed first = null;
      byte[] ids = new byte[ID_BYTES];
      int length = 0;
      for (Signed signed : equal.getValue()) {
        if (first == null || signed.id().compareTo(first.id()) < 0) {
          first = signed;
        }
        if (length == ids.length) {
          ids = Arrays.copyOf(ids, 2 * length);
        }
        byte[] id = HexFormat.of().parseHex(signed.id().value());
        System.arraycopy(id, 0, ids, length, ID_BYTES);
        length += ID_BYTES;
      }
      if (first == null) {
        return;
      }
      out.get(FIRSTS).output(first);
      if (length > ID_BYTES) {
        for (int from = 0; from < length; from += ID_BYTES * MOST_IDS_AT_ONCE) {
          int to = Math.min(length, from + ID_BYTES * MOST_IDS_AT_ONCE);
          out.get(COPIES).output(KV.of(first.id().value(), Arrays.copyOfRange(ids, from, to)));
        }
      }
    }
  }

  private static final class Buckets extends DoFn<Signed, KV<Long, Signed>> {
    private static final long serialVersionUID = 1;
    private final Deduplicate.Config config;
    private transient @Nullable Duplicates duplicates;

    Buckets(Deduplicate.Config config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element Signed signed, OutputReceiver<KV<Long, Signed>> out) {
      if (duplicates == null) {
        duplicates = new Duplicates(config);
      }
      duplicates.buckets(signed).forEach(bucket -> out.output(KV.of(bucket, signed)));
    }
  }

  private static final class Compare
      extends DoFn<KV<Long, Iterable<Signed>>, KV<String, Original>> {
    private static final long serialVersionUID = 1;
    private final Deduplicate.Config config;
    private transient @Nullable Duplicates duplicates;

    Compare(Deduplicate.Config config) {
      this.config = config;
    }

    @ProcessElement
    public void process(
        @Element KV<Long, Iterable<Signed>> bucket, OutputReceiver<KV<String, Original>> out) {
      if (duplicates == null) {
        duplicates = new Duplicates(config);
      }
      duplicates
          .near(bucket.getValue())
          .forEach(found -> out.output(KV.of(found.id().value(), found.original())));
    }
  }

  /** What a text and all its copies duplicate. */
  private static final class Smallest extends DoFn<KV<String, CoGbkResult>, KV<String, Original>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<String, CoGbkResult> text, OutputReceiver<KV<String, Original>> out) {
      Original original = null;
      for (Original similar : text.getValue().getAll(NEAR)) {
        original = Duplicates.smallest(original, similar);
      }
      if (original != null) {
        out.output(KV.of(text.getKey(), original));
      }
      Original ofCopies = Duplicates.ofCopy(new DocumentId(text.getKey()), original);
      for (byte[] ids : text.getValue().getAll(COPIES_OF)) {
        for (int from = 0; from < ids.length; from += KeepFirst.ID_BYTES) {
          String id = HexFormat.of().formatHex(ids, from, from + KeepFirst.ID_BYTES);
          if (!id.equals(text.getKey())) {
            out.output(KV.of(id, ofCopies));
          }
        }
      }
    }
  }

  private static final class ById extends DoFn<Document, KV<String, Document>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Document document, OutputReceiver<KV<String, Document>> out) {
      out.output(KV.of(document.id().value(), document));
    }
  }

  private static final class Label extends DoFn<KV<String, CoGbkResult>, Document> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element KV<String, CoGbkResult> joined, OutputReceiver<Document> out) {
      Original original = null;
      for (Original found : joined.getValue().getAll(ORIGINAL)) {
        original = Duplicates.smallest(original, found);
      }
      for (Document document : joined.getValue().getAll(DOCUMENT)) {
        out.output(Duplicates.labelled(document, original));
      }
    }
  }
}
