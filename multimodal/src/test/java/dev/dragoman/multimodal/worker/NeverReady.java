package dev.dragoman.multimodal.worker;

/** A service whose library is missing. */
public final class NeverReady implements WorkerService {
  /** Fails as a missing native library does. */
  public NeverReady() {
    throw new UnsatisfiedLinkError("no libodd in java.library.path");
  }

  @Override
  public byte[] serve(byte[] request) {
    return request;
  }
}
