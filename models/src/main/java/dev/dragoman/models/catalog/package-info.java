/**
 * Which models there are, where to get them, and the cache of those installed.
 *
 * <p>{@link dev.dragoman.models.catalog.ModelCatalog} names each model's files with their SHA-256
 * and, in order, the places that have them; {@link dev.dragoman.models.catalog.ModelPuller} tries
 * those places until the digests are right; {@link dev.dragoman.models.catalog.ModelStore} is the
 * folder they end up in. Whatever the source, the digest decides, and nothing that was downloaded
 * is ever executed. Of a model of the hub the catalog knows the repository only; its commit and
 * digests are pinned by the first pull.
 *
 * <p>The store's folder:
 *
 * <pre>
 * models/NAME/...        an installed model; appears all at once
 * models/NAME/.pinned.json  of a model of the hub: its commit, files, sizes and SHA-256
 * partial/NAME/...       what a pull has so far; the next one goes on from there
 * locks/NAME.lock        held by the process that pulls or removes NAME
 * licences/NAME          the licence that was shown before NAME was first pulled
 * </pre>
 */
@NullMarked
package dev.dragoman.models.catalog;

import org.jspecify.annotations.NullMarked;
