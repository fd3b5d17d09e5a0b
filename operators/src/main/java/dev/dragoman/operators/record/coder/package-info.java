/**
 * How the record travels between workers and lies in checkpoints and savepoints.
 *
 * <p>{@link dev.dragoman.operators.record.coder.DocumentCoder} and {@link
 * dev.dragoman.operators.record.coder.RejectedCoder} are found by Beam on their own. Runners
 * serialise the coder objects into savepoints: the classes keep their names and their {@code
 * serialVersionUID}, and every value starts with the version of its layout, so that a newer release
 * reads what an older one wrote. {@link dev.dragoman.operators.record.coder.DocumentSchema} shows
 * the same values to Beam SQL and other transforms that want rows.
 *
 * <p>Layout 2, in the order of the bytes; layout 1, which is still read, ends provenance with the
 * steps:
 *
 * <pre>
 * document   version:u8 id:string provenance parts:list annotations:list
 * provenance source:string mediaType:string size:long digest:32 bytes steps:list original:optional
 * original   key:optional headers:list value:optional      octets, headers, content
 * header     name:string value:optional
 * step       operator:string version:string model:string status:u8 note:string
 * part       tag:u8 ...        1 file, 2 text, 3 image, 4 audio
 * content    tag:u8 ...        1 inline, 2 reference, 3 same as
 * annotation tag:u8 origin ... 1 span, 2 region, 3 interval, 4 label, 5 rewrite, 6 chunk, 7 embedding
 * origin     number:uint, and where it equals how many origins came before: part operator version model
 * rejected   version:u8 document code:string operator:string message:string attempts:int
 *
 * uint       7 bits a byte, lowest first, the high bit set on all but the last
 * int, long  zigzag, then as uint
 * string     uint of twice the length in bytes, UTF-8; odd: UTF-16BE, for text that is not Unicode
 * list       uint count, then the elements
 * optional   0, or 1 and what it is; octets are uint count, then the bytes
 * double     8 bytes, float 4 bytes, big endian, one NaN
 * </pre>
 */
@NullMarked
package dev.dragoman.operators.record.coder;

import org.jspecify.annotations.NullMarked;
