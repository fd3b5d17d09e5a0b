package dev.dragoman.models.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file: eight bytes with the length of a JSON header, the header, the tensors' bytes
 * (<a href="https://github.com/huggingface/safetensors#format">format</a>).
 *
 * <p>The header is believed only after every claim in it has been checked: known types, shapes that
 * match the bytes, no gaps, no overlaps, nothing outside the file.
 */
final class SafeTensors {
  private static final long MAX_HEADER = 100_000_000;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private SafeTensors() {}

  /**
   * Checks the header.
   *
   * @return the tensors by name, in the header's order
   * @throws ModelException naming the file and, where there is one, the tensor and the offset
   */
  static Map<String, Tensor> parse(String file, MemorySegment bytes) {
    if (bytes.byteSize() < Long.BYTES) {
      throw new ModelException(
          "%s: %d bytes are too few for a safetensors file; download it again"
              .formatted(file, bytes.byteSize()));
    }
    long length = bytes.get(LENGTH, 0);
    if (length < 2 || length > MAX_HEADER || length > bytes.byteSize() - Long.BYTES) {
      throw new ModelException(
          "%s: offset 0 claims a header of %s bytes in a file of %d"
              .formatted(file, Long.toUnsignedString(length), bytes.byteSize()));
    }
    JsonNode header = json(file, bytes.asSlice(Long.BYTES, length));
    return tensors(file, header, bytes.asSlice(Long.BYTES + length));
  }

  private static JsonNode json(String file, MemorySegment bytes) {
    JsonNode header;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE)))
              .toString();
      header = JSON.readTree(text);
    } catch (CharacterCodingException e) {
      throw new ModelException(file + ": the header is not UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new ModelException(
          "%s: the header is not valid JSON at character %d: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? -1 : e.getLocation().getCharOffset(),
                  e.getOriginalMessage()),
          e);
    }
    if (!header.isObject()) {
      throw new ModelException(file + ": the header is not a JSON object");
    }
    return header;
  }

  private static Map<String, Tensor> tensors(String file, JsonNode header, MemorySegment data) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Spans spans = new Spans(file);
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      String name = entry.getKey();
      if (name.equals("__metadata__")) {
        continue;
      }
      JsonNode claim = entry.getValue();
      DType type = type(file, name, claim.path("dtype"));
      long[] shape = longs(file, name, "shape", claim.path("shape"));
      long[] offsets = longs(file, name, "data_offsets", claim.path("data_offsets"));
      if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > data.byteSize()) {
        throw new ModelException(
            "%s: tensor %s has data_offsets %s, but there are %d bytes of data"
                .formatted(file, name, Arrays.toString(offsets), data.byteSize()));
      }
      long size = type.blockBytes();
      try {
        for (long dimension : shape) {
          size = Math.multiplyExact(size, dimension);
        }
      } catch (ArithmeticException e) {
        throw new ModelException(
            "%s: tensor %s claims the impossible shape %s"
                .formatted(file, name, Arrays.toString(shape)),
            e);
      }
      if (size != offsets[1] - offsets[0]) {
        throw new ModelException(
            "%s: tensor %s at offset %d has %d bytes, but %s of shape %s needs %d"
                .formatted(
                    file,
                    name,
                    offsets[0],
                    offsets[1] - offsets[0],
                    type,
                    Arrays.toString(shape),
                    size));
      }
      spans.add(name, offsets[0], size);
      tensors.put(name, new Tensor(file, name, type, shape, data.asSlice(offsets[0], size)));
    }
    spans.refuseGaps(data.byteSize());
    return tensors;
  }

  private static DType type(String file, String name, JsonNode claim) {
    for (DType type : DType.values()) {
      if (!type.packed() && claim.isTextual() && type.name().equals(claim.textValue())) {
        return type;
      }
    }
    throw new ModelException(
        "%s: tensor %s has the unknown dtype %s".formatted(file, name, shown(claim)));
  }

  private static long[] longs(String file, String name, String key, JsonNode claim) {
    if (!claim.isArray()) {
      throw new ModelException("%s: tensor %s has no %s".formatted(file, name, key));
    }
    long[] values = new long[claim.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = claim.get(i);
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
        throw new ModelException(
            "%s: tensor %s has %s in its %s".formatted(file, name, shown(value), key));
      }
      values[i] = value.longValue();
    }
    return values;
  }

  private static String shown(JsonNode node) {
    String text = node.isMissingNode() ? "nothing" : node.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
