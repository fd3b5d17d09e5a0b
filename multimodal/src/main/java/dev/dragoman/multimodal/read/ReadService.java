package dev.dragoman.multimodal.read;

import dev.dragoman.multimodal.worker.WorkerService;
import java.io.IOException;
import org.apache.tika.exception.TikaException;
import org.xml.sax.SAXException;

/** Reads files inside a worker process; {@link FileReader} is the other end. */
public final class ReadService implements WorkerService {
  private final Reading reading;

  /** Loads the detectors and parsers. */
  public ReadService() throws IOException, TikaException, SAXException {
    reading = new Reading();
  }

  @Override
  public byte[] serve(byte[] request) throws Exception {
    return Codec.encode(reading.read(Codec.request(request)));
  }
}
