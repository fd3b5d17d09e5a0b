/**
 * Worker processes: code that parses strangers' files, or calls native libraries, runs in a JVM of
 * its own that may hang, run out of memory or crash without harming the job.
 *
 * <p>A {@link dev.dragoman.multimodal.worker.WorkerService} is what runs inside; a {@link
 * dev.dragoman.multimodal.worker.WorkerPool} starts the processes, hands each request to a free one
 * and replaces those that die, hang or have served long enough. Requests and answers are byte
 * arrays; each service encodes its own records.
 *
 * <p>On the wire: the pool writes {@code int length, bytes} to the worker's standard input. The
 * worker answers {@code byte kind, int length, bytes}, on file descriptor 3 where a POSIX shell
 * starts it (so that not even a native library's {@code printf} can come between) and on standard
 * output elsewhere. A worker whose standard input ends stops at once: that is how it learns that
 * its parent died.
 */
@NullMarked
package dev.dragoman.multimodal.worker;

import org.jspecify.annotations.NullMarked;
