package dev.dragoman.connectors.parquet;

import dev.dragoman.connectors.parquet.TableFiles.TableFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Files that become visible together, one a table, all under the same name; with their bytes, so
 * that whoever holds a file set can write it, as often as it takes.
 *
 * @param window the window of event time whose rows these are, as it stands in the name
 * @param lane the run and the shard that made it, as they stand in the name; a lane numbers its
 *     file sets without gaps
 * @param number from 0
 * @param files in the order in which they become visible
 */
record FileSet(String window, String lane, long number, List<TableFile> files) {
  private static final String ENDING = ".parquet";

  FileSet {
    files = List.copyOf(files);
  }

  /** The name of each of its files. */
  String fileName() {
    return window + "-" + lane + "-" + number + ENDING;
  }

  /** Encodes a file set: a version byte, the names, the files. */
  static final class FileSetCoder extends CustomCoder<FileSet> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    @Override
    public void encode(FileSet set, OutputStream out) throws IOException {
      out.write(VERSION);
      StringUtf8Coder.of().encode(set.window, out);
      StringUtf8Coder.of().encode(set.lane, out);
      VarLongCoder.of().encode(set.number, out);
      VarIntCoder.of().encode(set.files.size(), out);
      for (TableFile file : set.files) {
        StringUtf8Coder.of().encode(file.table(), out);
        ByteArrayCoder.of().encode(file.bytes(), out);
      }
    }

    @Override
    public FileSet decode(InputStream in) throws IOException {
      int version = in.read();
      if (version != VERSION) {
        throw new CoderException(
            "a set of files in layout " + version + "; this version reads layout " + VERSION);
      }
      String window = StringUtf8Coder.of().decode(in);
      String lane = StringUtf8Coder.of().decode(in);
      long number = VarLongCoder.of().decode(in);
      int count = VarIntCoder.of().decode(in);
      List<TableFile> files = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        files.add(new TableFile(StringUtf8Coder.of().decode(in), ByteArrayCoder.of().decode(in)));
      }
      return new FileSet(window, lane, number, files);
    }

    @Override
    public void verifyDeterministic() {
      // Lists keep their order, there is nothing to object to.
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof FileSetCoder;
    }

    @Override
    public int hashCode() {
      return FileSetCoder.class.getName().hashCode();
    }
  }
}
