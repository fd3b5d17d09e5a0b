/**
 * The record that flows through every graph: plain Java, no Beam.
 *
 * <p>A {@link Document} is a value. It starts as one {@link FilePart} (or, for a row of a table,
 * one {@link TextPart}); operators add parts (text of a page, of a scan, of a call) and {@link
 * Annotation}s (what was found in a part, by which operator and model, how sure). Nothing in it
 * depends on the clock, on chance or on the machine that made it.
 *
 * <p>The text of a document is its text parts, in order, joined by {@link Document#PART_SEPARATOR}.
 * Offsets of annotations are UTF-16 offsets into the text of the part they name; {@link
 * Document#textOffset} carries them into the text of the document. Sinks translate to code points.
 */
@NullMarked
package dev.dragoman.operators.record;

import org.jspecify.annotations.NullMarked;
