package dev.dragoman.multimodal.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.jna.Function;
import dev.dragoman.multimodal.worker.WorkerService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.vosk.LibVosk;
import org.vosk.LogLevel;
import org.vosk.Model;
import org.vosk.Recognizer;

/**
 * Runs in a worker process with one Vosk model. A request is one stretch of speech, 16-bit
 * little-endian samples at 16 kHz; the answer is an {@link Answer}.
 */
public final class VoskService implements WorkerService {
  /** System property of the worker process: the folder of its model. */
  static final String MODEL = "dragoman.vosk.model";

  private static final int FEED_BYTES = 8000;
  private static final double SEGMENT_PAUSE_SECONDS = 0.8;
  private static final Set<String> NO_WORDS = Set.of("[unk]", "<unk>", "<eps>");

  /** Kaldi adds noise from here to the samples; started anew, it gives equal sound equal words. */
  private static final Function SEED_RANDOM = Function.getFunction("c", "srand");

  private final ObjectMapper json = new ObjectMapper();
  private final Model model;

  /** Loads the model, which takes seconds and about three times the size of its files. */
  public VoskService() throws IOException {
    LibVosk.setLogLevel(LogLevel.WARNINGS);
    model = new Model(System.getProperty(MODEL));
  }

  @Override
  public byte[] serve(byte[] samples) throws IOException {
    double length = (double) samples.length / Short.BYTES / DecodedSound.SAMPLE_RATE;
    List<SpokenWord> words = new ArrayList<>();
    SEED_RANDOM.invoke(new Object[] {1});
    try (Recognizer recognizer = new Recognizer(model, DecodedSound.SAMPLE_RATE)) {
      recognizer.setWords(true);
      for (int from = 0; from < samples.length; from += FEED_BYTES) {
        byte[] piece =
            Arrays.copyOfRange(samples, from, Math.min(samples.length, from + FEED_BYTES));
        if (recognizer.acceptWaveForm(piece, piece.length)) {
          collect(recognizer.getResult(), length, words);
        }
      }
      collect(recognizer.getFinalResult(), length, words);
    }
    return Answer.encode(words);
  }

  private void collect(String result, double length, List<SpokenWord> words) throws IOException {
    for (JsonNode word : json.readTree(result).path("result")) {
      double earliest = words.isEmpty() ? 0 : words.getLast().startSeconds();
      double start = Math.clamp(word.path("start").asDouble(), earliest, length);
      double end = Math.clamp(word.path("end").asDouble(), start, length);
      String text = word.path("word").asText();
      if (!NO_WORDS.contains(text)) {
        words.add(
            new SpokenWord(text, start, end, Math.clamp(word.path("conf").asDouble(), 0.0, 1.0)));
      }
    }
  }

  /** Words on the wire: their number, then each word's text, start, end and confidence. */
  static final class Answer {
    private Answer() {}

    static byte[] encode(List<SpokenWord> words) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(words.size());
      for (SpokenWord word : words) {
        out.writeUTF(word.text());
        out.writeDouble(word.startSeconds());
        out.writeDouble(word.endSeconds());
        out.writeDouble(word.confidence());
      }
      return bytes.toByteArray();
    }

    /** The words, cut into segments at pauses, with times moved by {@code offsetSeconds}. */
    static List<List<SpokenWord>> decode(byte[] answer, double offsetSeconds) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer));
      List<List<SpokenWord>> segments = new ArrayList<>();
      double said = Double.NEGATIVE_INFINITY;
      for (int left = in.readInt(); left > 0; left--) {
        String text = in.readUTF();
        double start = offsetSeconds + in.readDouble();
        double end = offsetSeconds + in.readDouble();
        if (start - said >= SEGMENT_PAUSE_SECONDS) {
          segments.add(new ArrayList<>());
        }
        segments.getLast().add(new SpokenWord(text, start, end, in.readDouble()));
        said = end;
      }
      return segments;
    }
  }
}
