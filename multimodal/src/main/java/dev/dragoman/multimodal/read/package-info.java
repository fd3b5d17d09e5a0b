/**
 * Reading files of any kind into text, without trusting them: {@link
 * dev.dragoman.multimodal.read.FileReader} hands a file to a worker process, which detects its
 * format and answers its text, its pages without text, and the files it contains.
 *
 * <p>Apache Tika detects formats and reads mail, Office, HTML, RTF, EPUB and archives; PDFBox reads
 * PDF; plain text is read here. A container gives up only its direct children: the caller reads
 * them in turn and so decides how deep to go. No external program is started and no connection
 * opened.
 */
@NullMarked
package dev.dragoman.multimodal.read;

import org.jspecify.annotations.NullMarked;
