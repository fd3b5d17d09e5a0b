import dev.dragoman.models.LanguageModel;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Step;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Prints what a language model gives after each token of texts that are already there.
 *
 * <p>Reads lines {@code prompt ids|continuation ids}; writes for each, and each token of the
 * continuation, the ten best tokens at its place as {@code id:log-probability}, between tabs.
 */
final class Scores {
  private static final int BEST = 10;

  private Scores() {}

  public static void main(String[] args) throws Exception {
    try (LanguageModel model = LanguageModel.open(Path.of(args[0]));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      Decoder decoder = model.decoder();
      Decoder.Session session = decoder.session();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split("\\|");
        int[] ids = ids(parts[0] + " " + parts[1]);
        int from = ids(parts[0]).length;
        // The last token is only asked for: nothing comes after it.
        Step step = new Step();
        var sequence = decoder.sequence(ids.length);
        if (from > 1) {
          step.add(sequence, ids, 0, from - 1, Step.Wanted.NONE);
          session.run(step, Encoder.Layers.UNSEEN);
          step.clear();
        }
        step.add(sequence, ids, from - 1, ids.length - from, Step.Wanted.ALL);
        session.run(step, Encoder.Layers.UNSEEN);
        StringBuilder out = new StringBuilder();
        for (int row = 0; row < ids.length - from; row++) {
          out.append(row == 0 ? "" : "\t");
          best(session.logits(), row * decoder.vocabulary(), decoder.vocabulary(), out);
        }
        System.out.println(out);
      }
    }
  }

  private static int[] ids(String text) {
    return Arrays.stream(text.trim().split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  private static void best(float[] logits, int at, int count, StringBuilder out) {
    int[] best = new int[BEST];
    int found = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < count; id++) {
      max = Math.max(max, logits[at + id]);
      int place = found < BEST ? found++ : BEST - 1;
      if (place == BEST - 1 && found == BEST && logits[at + id] <= logits[at + best[place]]) {
        if (id >= BEST) {
          continue;
        }
      }
      best[place] = id;
      while (place > 0 && logits[at + best[place]] > logits[at + best[place - 1]]) {
        int swap = best[place];
        best[place] = best[place - 1];
        best[--place] = swap;
      }
    }
    double sum = 0;
    for (int id = 0; id < count; id++) {
      sum += Math.exp(logits[at + id] - max);
    }
    for (int i = 0; i < found; i++) {
      out.append(i == 0 ? "" : " ")
          .append(best[i])
          .append(':')
          .append(logits[at + best[i]] - max - Math.log(sum));
    }
  }
}
