package dev.dragoman.multimodal.worker;

/**
 * The work done inside a worker process. An implementation is a public class with a public
 * constructor without arguments; the constructor runs once a process, before the first request and
 * outside the time limit, so it is the place to load what is slow to load. Requests arrive one at a
 * time.
 */
@FunctionalInterface
public interface WorkerService {

  /**
   * Answers one request.
   *
   * @throws ServiceException when the input is at fault; reaches the caller as a {@link
   *     WorkerException} with the same code
   * @throws Exception anything else reaches the caller as a {@link WorkerException} with code
   *     {@code INTERNAL}
   */
  byte[] serve(byte[] request) throws Exception;
}
