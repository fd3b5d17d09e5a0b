package dev.dragoman.models.generate;

/** Why a text ends. */
public enum Finish {
  /** The model said so, or what it must be is complete. */
  END,
  /** A stop string came up. */
  STOP,
  /** There are as many tokens as were asked for, or as the model can take. */
  LENGTH,
  /** Somebody cancelled it. */
  CANCELLED
}
