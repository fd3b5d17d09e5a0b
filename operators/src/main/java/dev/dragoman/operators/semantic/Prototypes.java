package dev.dragoman.operators.semantic;

import dev.dragoman.models.TextEmbedder;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.SharedResource.Lease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * One vector for each label: the mean direction of its examples (nearest class mean; the prototypes
 * of Snell, Swersky and Zemel, "Prototypical Networks for Few-shot Learning", 2017). Where there
 * are enough examples, directions are seen from the mean of them all: many models keep every text
 * within a narrow cone, whose axis says nothing (Mu and Viswanath, "All-but-the-Top", 2018).
 *
 * <p>Probabilities are the softmax of the cosines times a scale. The scale is fitted so that the
 * examples, each held out of its own prototype, get the most probability (temperature scaling, Guo
 * et al., "On Calibration of Modern Neural Networks", 2017), drawn towards {@link #USUAL_SCALE} as
 * if by a few examples more, so that a handful of easy examples does not promise certainty.
 */
final class Prototypes implements AutoCloseable {
  /** The scale where there are too few examples to hold any out. */
  static final double USUAL_SCALE = 20;

  private static final double LEAST_SCALE = 1;
  private static final double MOST_SCALE = 100;

  /** How many nats a factor of e away from the usual scale costs. */
  private static final double PULL = 2;

  /** The cosine below which nothing is alike where no examples can be held out. */
  static final double USUAL_FLOOR = 0.15;

  /** One held-out example in so many may be further from its own label than the floor. */
  private static final int OUTLIERS = 100;

  /** So many examples in all, and two for each label, are needed to hold any out. */
  private static final int FEWEST_EXAMPLES = 10;

  private final Lease<TextEmbedder> embedder;
  private final List<String> labels;
  private final float[] centre;
  private final float[][] vectors;
  private final double scale;
  private final double floor;

  private Prototypes(
      Lease<TextEmbedder> embedder,
      List<String> labels,
      float[] centre,
      float[][] vectors,
      double scale,
      double floor) {
    this.embedder = embedder;
    this.labels = labels;
    this.centre = centre;
    this.vectors = vectors;
    this.scale = scale;
    this.floor = floor;
  }

  /** A label, how probable it is, and the cosine to its prototype. */
  record Verdict(String label, double probability, double similarity) {}

  static Prototypes open(
      OperatorContext context, String model, Map<String, List<String>> examples) {
    return of(Embedders.lease(context, model), examples);
  }

  /** Takes the lease over. */
  static Prototypes of(Lease<TextEmbedder> embedder, Map<String, List<String>> examples) {
    List<String> labels = List.copyOf(examples.keySet());
    List<String> texts = new ArrayList<>();
    int[] classes = new int[examples.values().stream().mapToInt(e -> Math.max(1, e.size())).sum()];
    for (int label = 0; label < labels.size(); label++) {
      List<String> own = examples.getOrDefault(labels.get(label), List.of());
      int from = texts.size();
      texts.addAll(own.isEmpty() ? List.of(labels.get(label).replaceAll("[_-]+", " ")) : own);
      Arrays.fill(classes, from, texts.size(), label);
    }
    float[][] embedded = Embedders.alike(embedder.get(), texts);
    int[] counts = new int[labels.size()];
    for (int label : classes) {
      counts[label]++;
    }
    boolean enough =
        embedded.length >= FEWEST_EXAMPLES && Arrays.stream(counts).allMatch(count -> count >= 2);
    float[] centre = new float[embedder.get().dimensions()];
    if (enough) {
      centre = mean(embedded);
      for (int i = 0; i < embedded.length; i++) {
        embedded[i] = from(centre, embedded[i]);
      }
    }
    double[][] sums = new double[labels.size()][centre.length];
    for (int i = 0; i < embedded.length; i++) {
      Embedders.add(sums[classes[i]], embedded[i], 1);
    }
    float[][] prototypes = new float[labels.size()][];
    Arrays.setAll(prototypes, label -> Embedders.unit(sums[label]));
    if (!enough) {
      return new Prototypes(embedder, labels, centre, prototypes, USUAL_SCALE, USUAL_FLOOR);
    }
    double[][] heldOut = heldOutCosines(embedded, classes, sums, prototypes);
    return new Prototypes(
        embedder, labels, centre, prototypes, fitScale(heldOut, classes), floor(heldOut, classes));
  }

  private static float[] mean(float[][] vectors) {
    double[] sum = new double[vectors[0].length];
    for (float[] vector : vectors) {
      Embedders.add(sum, vector, 1);
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / vectors.length);
    }
    return mean;
  }

  /** The direction of a vector as seen from the centre. */
  private static float[] from(float[] centre, float[] vector) {
    double[] difference = new double[vector.length];
    Embedders.add(difference, vector, 1);
    Embedders.add(difference, centre, -1);
    return Embedders.unit(difference);
  }

  /** [examples, labels]; each example's own prototype is made without it. */
  private static double[][] heldOutCosines(
      float[][] embedded, int[] classes, double[][] sums, float[][] prototypes) {
    double[][] cosines = new double[embedded.length][];
    for (int i = 0; i < embedded.length; i++) {
      double[] without = sums[classes[i]].clone();
      Embedders.add(without, embedded[i], -1);
      cosines[i] = cosines(embedded[i], prototypes);
      cosines[i][classes[i]] = Embedders.dot(embedded[i], Embedders.unit(without));
    }
    return cosines;
  }

  /** By golden section over the logarithm of the scale, in which the loss has one valley. */
  private static double fitScale(double[][] cosines, int[] classes) {
    double ratio = (Math.sqrt(5) - 1) / 2;
    double low = Math.log(LEAST_SCALE);
    double high = Math.log(MOST_SCALE);
    for (int step = 0; step < 60; step++) {
      double left = high - ratio * (high - low);
      double right = low + ratio * (high - low);
      if (loss(cosines, classes, left) < loss(cosines, classes, right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return Math.exp((low + high) / 2);
  }

  /** The cosine to their own label that nearly all held-out examples reach. */
  private static double floor(double[][] cosines, int[] classes) {
    double[] own = new double[cosines.length];
    Arrays.setAll(own, i -> cosines[i][classes[i]]);
    Arrays.sort(own);
    return own[own.length / OUTLIERS];
  }

  private static double loss(double[][] cosines, int[] classes, double logScale) {
    double away = logScale - Math.log(USUAL_SCALE);
    double loss = PULL * away * away;
    for (int i = 0; i < cosines.length; i++) {
      loss -= Math.log(Math.max(1e-300, softmax(cosines[i], Math.exp(logScale))[classes[i]]));
    }
    return loss;
  }

  private static double[] cosines(float[] vector, float[][] prototypes) {
    double[] cosines = new double[prototypes.length];
    Arrays.setAll(cosines, label -> Embedders.dot(vector, prototypes[label]));
    return cosines;
  }

  private static double[] softmax(double[] cosines, double scale) {
    double most = DoubleStream.of(cosines).max().orElse(0);
    double[] probabilities = new double[cosines.length];
    Arrays.setAll(probabilities, label -> Math.exp(scale * (cosines[label] - most)));
    double sum = DoubleStream.of(probabilities).sum();
    Arrays.setAll(probabilities, label -> probabilities[label] / sum);
    return probabilities;
  }

  /** The labels of a vector of unit length, the most probable first. */
  List<Verdict> verdicts(float[] vector) {
    double[] cosines = cosines(from(centre, vector), vectors);
    double[] probabilities = softmax(cosines, scale);
    List<Verdict> verdicts = new ArrayList<>(labels.size());
    for (int label = 0; label < labels.size(); label++) {
      verdicts.add(new Verdict(labels.get(label), probabilities[label], cosines[label]));
    }
    // Stable, so that of two equals the first in the recipe wins.
    verdicts.sort(Collections.reverseOrder((a, b) -> Double.compare(a.probability, b.probability)));
    return verdicts;
  }

  double scale() {
    return scale;
  }

  /** A text with a lower cosine to its nearest label is like none of them. */
  double floor() {
    return floor;
  }

  TextEmbedder embedder() {
    return embedder.get();
  }

  @Override
  public void close() {
    embedder.close();
  }
}
