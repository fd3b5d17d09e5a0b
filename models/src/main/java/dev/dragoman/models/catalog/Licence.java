package dev.dragoman.models.catalog;

/**
 * The terms a model comes under.
 *
 * @param id short name, SPDX where there is one
 * @param url where the whole text is
 * @param notice what to show before the first download
 */
public record Licence(String id, String url, String notice) {}
