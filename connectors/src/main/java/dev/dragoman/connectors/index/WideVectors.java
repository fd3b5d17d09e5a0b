package dev.dragoman.connectors.index;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's own formats, but vectors of up to 8,192 dimensions instead of 1,024. The files say
 * Lucene's own names, so any Lucene 10 reads them.
 */
final class WideVectors extends Lucene104Codec {
  private static final int MAX_DIMENSIONS = 8_192;

  @Override
  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
    return new Wide(super.getKnnVectorsFormatForField(field));
  }

  private static final class Wide extends KnnVectorsFormat {
    private final KnnVectorsFormat format;

    Wide(KnnVectorsFormat format) {
      super(format.getName());
      this.format = format;
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
      return format.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
      return format.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
      return MAX_DIMENSIONS;
    }
  }
}
