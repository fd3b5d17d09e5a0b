package dev.dragoman.models.catalog;

import java.nio.file.Path;

/**
 * A model in the store.
 *
 * @param name its folder's name, for catalog models the catalog name
 * @param folder where it is
 * @param size bytes of its files
 * @param complete whether every file that was pinned is there in the right size; true for a folder
 *     of one's own
 * @param own whether it is a folder of one's own, with nothing to compare it with: not in the
 *     catalog, or of the hub and brought by hand
 */
public record InstalledModel(String name, Path folder, long size, boolean complete, boolean own) {}
