package dev.dragoman.connectors.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Writes rows of one table to one file; each row says its own columns. */
final class RowWriter implements Closeable {
  private static final long ROW_GROUP_BYTES = 16L << 20;
  private static final int PAGE_BYTES = 1 << 20;

  private final ParquetWriter<Consumer<Columns>> writer;
  private long rows;

  RowWriter(MessageType schema, OutputFile file) throws IOException {
    Builder builder =
        new Builder(file, schema)
            .withConf(ParquetSettings.defaults())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .withMinRowCountForPageSizeCheck(20)
            .withMaxRowCountForPageSizeCheck(2_000);
    for (String wide :
        new String[] {"embedding.list.element", "text", "translation", "masked_text", "payload"}) {
      builder = builder.withDictionaryEncoding(wide, false);
    }
    writer = builder.build();
  }

  void write(Consumer<Columns> row) throws IOException {
    writer.write(row);
    rows++;
  }

  long rows() {
    return rows;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<Consumer<Columns>, Builder> {
    private final MessageType schema;

    Builder(OutputFile file, MessageType schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Consumer<Columns>> getWriteSupport(Configuration conf) {
      return new Support(schema);
    }

    @Override
    protected WriteSupport<Consumer<Columns>> getWriteSupport(ParquetConfiguration conf) {
      return new Support(schema);
    }
  }

  private static final class Support extends WriteSupport<Consumer<Columns>> {
    private final MessageType schema;
    private @Nullable RecordConsumer consumer;

    Support(MessageType schema) {
      this.schema = schema;
    }

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(Consumer<Columns> row) {
      RecordConsumer out = Objects.requireNonNull(consumer);
      out.startMessage();
      row.accept(new Columns(out, schema));
      out.endMessage();
    }
  }
}
