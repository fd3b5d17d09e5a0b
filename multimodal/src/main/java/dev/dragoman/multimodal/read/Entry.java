package dev.dragoman.multimodal.read;

/**
 * A file directly inside another one: an attachment, an archive member, a message of a mailbox, an
 * embedded document.
 *
 * @param path its name inside the container, with {@code /} between folders; unique in there,
 *     without {@code ..} or a leading slash
 * @param mediaTypeHint what the container says it is; empty if it says nothing
 * @param bytes its raw bytes
 */
public record Entry(String path, String mediaTypeHint, byte[] bytes) {}
