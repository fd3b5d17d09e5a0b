package dev.dragoman.operators.record;

/**
 * A picture, or a page that has to be seen as one.
 *
 * @param mediaType of {@code content}: an image type, or that of the paged file the page is in
 * @param content the picture, or the whole file of which {@code page} is meant
 * @param page from 1, of the file in {@code content}; 0 for a whole picture with all its frames
 */
public record ImagePart(PartId id, String mediaType, Content content, int page) implements Part {}
