package dev.dragoman.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.LanguageModel;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.PictureTensors;
import dev.dragoman.models.SequenceModel;
import dev.dragoman.models.SpeechModel;
import dev.dragoman.models.SpeechRecognizer;
import dev.dragoman.models.TokenEncoder;
import dev.dragoman.models.format.Npy;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs what a model takes in through it, and prints the bare numbers. */
@Command(
    name = "forward",
    description = {
      "Run each line through the model and print the bare numbers.",
      "A line is a JSON list of token ids. A language model prints logits, one row a position: the"
          + " scores of the next token. So does an encoder with a head, or one row for the sequence"
          + " if it classifies whole texts. A model without a head prints the last hidden state.",
      "For a model that reads one text and writes another a line is an object with input_ids and"
          + " decoder_input_ids, for a speech model one with input_features, the path of a .npy file,"
          + " and decoder_input_ids. For one that looks at pictures it has pixel_values, the path of"
          + " a .npy file of singles [1, 3, height, width] (or [1, tiles, 3, height, width]), and the"
          + " ids that the model takes; one that compares pictures with texts prints embeds, the"
          + " text's and the picture's."
    },
    footer = {
      "",
      "Examples:",
      "  echo '[101, 7592, 102]' | dragoman model forward --model all-minilm-l6-v2",
      "  echo '{\"input_ids\": [8, 2], \"decoder_input_ids\": [2]}' | dragoman model forward --model"
          + " DIR"
    })
final class ForwardCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelCommand.LineOptions options = new ModelCommand.LineOptions();

  /** What a model makes of a line: the names of its numbers, and the numbers. */
  @FunctionalInterface
  private interface Forward {
    Map<String, float[][]> of(JsonNode line) throws IOException;
  }

  @Override
  public Integer call() throws IOException {
    Path path = options.folder(common);
    if (SpeechRecognizer.isOne(path)) {
      try (SpeechModel model = SpeechModel.open(path)) {
        run(line -> named(model.hasHead(), heard(model, line)));
      }
    } else if (PictureTensors.isOne(path)) {
      try (PictureTensors model = PictureTensors.open(path)) {
        run(line ->
            Map.of(
                model.embeds() ? "embeds" : "logits",
                model.forward(
                    array(line, "pixel_values"),
                    idsOrNone(line, "input_ids"),
                    idsOrNone(line, "decoder_input_ids"))));
      }
    } else if (SequenceModel.isOne(path)) {
      try (SequenceModel model = SequenceModel.open(path)) {
        run(line ->
            named(
                model.hasHead(),
                model.forward(ids(line, "input_ids"), ids(line, "decoder_input_ids"))));
      }
    } else if (LanguageModel.isOne(path)) {
      try (LanguageModel model = LanguageModel.open(path)) {
        boolean scores = model.decoder().hasHead();
        run(line ->
            named(scores, scores ? model.logits(ids(line)) : model.lastHiddenState(ids(line))));
      }
    } else {
      try (TokenEncoder model = TokenEncoder.open(path)) {
        boolean scores = model.hasHead();
        run(line ->
            named(scores, scores ? model.logits(ids(line)) : model.lastHiddenState(ids(line))));
      }
    }
    return ExitCode.DONE;
  }

  private static Map<String, float[][]> named(boolean scores, float[][] rows) {
    return Map.of(scores ? "logits" : "last_hidden_state", rows);
  }

  private static float[][] heard(SpeechModel model, JsonNode line) {
    int[] ids = ids(line, "decoder_input_ids");
    String file = line.path("input_features").asText();
    if (file.isEmpty()) {
      throw new ModelException("this model wants input_features, the path of a .npy file");
    }
    Npy features = Npy.read(Path.of(file));
    int[] shape = features.shape();
    int rank = shape.length;
    if (rank < 2 || rank > 3 || rank == 3 && shape[0] != 1 || shape[rank - 2] != model.mels()) {
      throw new ModelException(
          "%s has shape %s; wanted is [1, %d, %d]"
              .formatted(file, Arrays.toString(shape), model.mels(), model.frames()));
    }
    int frames = shape[rank - 1];
    return model.hasHead()
        ? model.logits(features.values(), frames, ids)
        : model.lastHiddenState(features.values(), frames, ids);
  }

  private void run(Forward forward) throws IOException {
    try (BufferedReader lines = options.lines()) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          try {
            print(forward.of(CommonOptions.mapper().readTree(line)));
          } catch (JsonProcessingException e) {
            throw new UserException(
                "line %d is not JSON: %s".formatted(number, e.getOriginalMessage()), e);
          } catch (ModelException e) {
            throw new UserException("line " + number + ": " + e.getMessage(), e);
          }
        }
      }
    }
  }

  /** The ids of a line that is a list of them, or an object with nothing else. */
  private static int[] ids(JsonNode line) {
    return line.isObject() ? ids(line, "input_ids") : list(line, "the line");
  }

  private static int[] ids(JsonNode line, String key) {
    if (!line.has(key)) {
      throw new ModelException(
          "this model wants an object with %s, such as {\"%s\": [1, 2]}".formatted(key, key));
    }
    return list(line.get(key), key);
  }

  private static int[] idsOrNone(JsonNode line, String key) {
    return line.has(key) ? list(line.get(key), key) : new int[0];
  }

  private static Npy array(JsonNode line, String key) {
    if (!line.path(key).isTextual()) {
      throw new ModelException(
          "this model wants an object with %s, the path of a .npy file".formatted(key));
    }
    return Npy.read(Path.of(line.path(key).textValue()));
  }

  private static int[] list(JsonNode node, String what) {
    if (!node.isArray() || !node.valueStream().allMatch(JsonNode::canConvertToInt)) {
      throw new ModelException(what + " is not a JSON list of token ids");
    }
    return node.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  private static void print(Map<String, float[][]> numbers) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    numbers.forEach((name, vectors) -> {
      ArrayNode rows = json.putArray(name);
      for (float[] vector : vectors) {
        ArrayNode row = rows.addArray();
        for (float value : vector) {
          row.add(value);
        }
      }
    });
    CommonOptions.printJson(System.out, json);
  }
}
