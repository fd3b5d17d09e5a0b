package dev.dragoman.models.template;

/**
 * The place of a variable.
 *
 * @param level how many functions are around the one it belongs to
 * @param index its number there
 */
record Slot(int level, int index) {}
