package dev.dragoman.operators.text;

import java.util.Arrays;
import java.util.Random;

/**
 * Estimates the Jaccard similarity of two sets of shingles from short signatures (Broder, "On the
 * resemblance and containment of documents", 1997), and groups signatures that are probably similar
 * by bands (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4).
 *
 * <p>A signature holds 8 bits of each of {@link #HASHES} minima (Li, König, "b-bit minwise
 * hashing", 2010): the standard error of the estimate is at most 0.032, and 0.022 at a similarity
 * of 0.85.
 */
final class MinHash {
  static final int HASHES = 256;

  /** How likely two texts exactly as similar as the threshold share a band, at least. */
  private static final double SENSITIVITY = 0.99;

  private static final int[] FACTORS = new int[HASHES];
  private static final int[] SUMMANDS = new int[HASHES];

  static {
    Random random = new Random(20_041_985);
    for (int i = 0; i < HASHES; i++) {
      FACTORS[i] = random.nextInt() | 1;
      SUMMANDS[i] = random.nextInt();
    }
  }

  private final int rows;
  private final int bands;

  /** Bands for a similarity of at least {@code threshold}: as few and as narrow as will do. */
  MinHash(double threshold) {
    int best = 1;
    for (int r = 1; r <= HASHES; r++) {
      if ((long) bands(threshold, r) * r <= HASHES / 2) {
        best = r;
      }
    }
    this.rows = best;
    this.bands = Math.max(1, Math.min(HASHES / best, bands(threshold, best)));
  }

  private static int bands(double threshold, int rows) {
    double alike = Math.pow(threshold, rows);
    double needed = alike >= 1 ? 1 : Math.log(1 - SENSITIVITY) / Math.log1p(-alike);
    return (int) Math.ceil(Math.min(needed, HASHES + 1.0));
  }

  /** Collects the minima of a set of shingles. */
  static final class Builder {
    private final int[] minima = new int[HASHES];

    Builder() {
      Arrays.fill(minima, Integer.MAX_VALUE);
    }

    /** Adds a shingle, given by a well mixed hash; adding it again changes nothing. */
    void add(int hash) {
      for (int i = 0; i < HASHES; i++) {
        minima[i] = Math.min(minima[i], hash * FACTORS[i] + SUMMANDS[i]);
      }
    }

    byte[] signature() {
      byte[] signature = new byte[HASHES];
      for (int i = 0; i < HASHES; i++) {
        signature[i] = (byte) (mix(minima[i]) >>> 24);
      }
      return signature;
    }
  }

  /** A 32-bit hash of a 64-bit value with every bit depending on every bit (MurmurHash3's). */
  static int mix(long value) {
    long h = value;
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return (int) (h >>> 16);
  }

  /** The estimated Jaccard similarity of the sets behind two signatures, 0 to 1. */
  static double similarity(byte[] a, byte[] b) {
    int equal = 0;
    for (int i = 0; i < HASHES; i++) {
      equal += a[i] == b[i] ? 1 : 0;
    }
    double byChance = 1 / 256.0;
    return Math.max(0, ((double) equal / HASHES - byChance) / (1 - byChance));
  }

  int bands() {
    return bands;
  }

  int rows() {
    return rows;
  }

  /** The bucket of one band of a signature. */
  long bucket(byte[] signature, int band) {
    long hash = band + 1L;
    for (int i = band * rows; i < (band + 1) * rows; i++) {
      hash = hash * 0x9E3779B97F4A7C15L + signature[i] + 1;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
