/**
 * The files a model is made of, mapped through {@code java.lang.foreign}: tensors are read from the
 * page cache, not copied. Nothing in a file is trusted. Every length is checked against the bytes
 * that are left before anything is allocated for it, and what does not fit is refused with a {@link
 * dev.dragoman.models.ModelException} that names the file, the tensor or key and the offset.
 *
 * <p>{@link dev.dragoman.models.format.Weights} opens all of them:
 *
 * <ul>
 *   <li><b>safetensors</b>, one file or shards with an index: the length of a JSON header, the
 *       header (name, type, shape, place), the numbers without gaps. Plain types only.
 *   <li><b>PyTorch</b> since 1.6, {@code pytorch_model.bin} or shards with an index: a zip of a
 *       pickle and stored numbers. The pickle is read, never run: what is not in that of a state
 *       dict is refused.
 *   <li><b>GGUF</b> 2 and 3, little-endian ({@link dev.dragoman.models.format.Gguf}): typed
 *       metadata ({@link dev.dragoman.models.format.Metadata}: sizes, the vocabulary, the chat
 *       template), then the list of tensors, then their bytes, aligned. Plain types and ggml's
 *       blocks ({@link dev.dragoman.models.format.DType}). The file has dimensions innermost first;
 *       here they are outermost first, as everywhere.
 *   <li><b>ONNX</b>: only the initialisers of the graph, under the names that the layers had before
 *       the export; numbers may lie in other files beside the model.
 *   <li><b>CTranslate2</b> ({@link dev.dragoman.models.format.CTranslate2}): settings and weights
 *       of a converted model, in singles, halves, or whole numbers with a scale a row.
 *   <li><b>Marian</b> ({@link dev.dragoman.models.format.Marian}): its binary form, as Firefox
 *       ships it in 8 bits, and {@code .npz} archives; the settings are inside. {@link
 *       dev.dragoman.models.format.LexicalShortlist} reads the shortlist beside it.
 *   <li><b>packed E5</b> ({@link dev.dragoman.models.format.PackedE5}): multilingual-e5-small in 4
 *       bits with its vocabulary, in one file.
 * </ul>
 *
 * <p>{@link dev.dragoman.models.format.Tensor#read} turns any of the stored types into singles, to
 * the last bit as the reference implementations do; {@link dev.dragoman.models.format.Tensor#bytes}
 * gives the stored bytes to kernels that compute with them directly.
 */
@NullMarked
package dev.dragoman.models.format;

import org.jspecify.annotations.NullMarked;
