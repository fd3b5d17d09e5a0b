package dev.dragoman.connectors.files;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/** A version byte, how many files, sixteen bytes each. */
final class SeenFilesCoder extends CustomCoder<SeenFiles> {
  private static final long serialVersionUID = 1;
  private static final int LAYOUT = 1;

  @Override
  public void encode(SeenFiles seen, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeByte(LAYOUT);
    data.writeInt(seen.files().size());
    for (SeenFiles.Mark file : seen.files()) {
      data.writeLong(file.high());
      data.writeLong(file.low());
    }
    data.flush();
  }

  @Override
  public SeenFiles decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int layout = data.readUnsignedByte();
    if (layout != LAYOUT) {
      throw new CoderException(
          "the files of a watch of layout " + layout + " are of a newer release");
    }
    int count = data.readInt();
    Set<SeenFiles.Mark> files = new HashSet<>();
    for (int i = 0; i < count; i++) {
      files.add(new SeenFiles.Mark(data.readLong(), data.readLong()));
    }
    return new SeenFiles(files);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SeenFilesCoder;
  }

  @Override
  public int hashCode() {
    return SeenFilesCoder.class.getName().hashCode();
  }
}
