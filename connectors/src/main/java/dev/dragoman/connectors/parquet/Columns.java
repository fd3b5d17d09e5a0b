package dev.dragoman.connectors.parquet;

import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** One row being written: each method sets one column, or leaves it null. */
final class Columns {
  private final RecordConsumer out;
  private final MessageType schema;

  Columns(RecordConsumer out, MessageType schema) {
    this.out = out;
    this.schema = schema;
  }

  /** Where columns go that none of the methods here can say. */
  RecordConsumer out() {
    return out;
  }

  Columns text(String name, @Nullable String value) {
    if (value != null) {
      start(name);
      out.addBinary(Binary.fromString(value));
      end(name);
    }
    return this;
  }

  Columns bytes(String name, byte[] value) {
    start(name);
    out.addBinary(Binary.fromConstantByteArray(value));
    end(name);
    return this;
  }

  Columns integer(String name, int value) {
    start(name);
    out.addInteger(value);
    end(name);
    return this;
  }

  /** Pages and the like, which count from 1 and are null below. */
  Columns fromOne(String name, int value) {
    return value < 1 ? this : integer(name, value);
  }

  Columns bigint(String name, long value) {
    start(name);
    out.addLong(value);
    end(name);
    return this;
  }

  /** A number, null where it is NaN. */
  Columns number(String name, double value) {
    if (!Double.isNaN(value)) {
      start(name);
      out.addDouble(value);
      end(name);
    }
    return this;
  }

  Columns texts(String name, List<String> values) {
    start(name);
    out.startGroup();
    if (!values.isEmpty()) {
      out.startField("list", 0);
      for (String value : values) {
        out.startGroup();
        out.startField("element", 0);
        out.addBinary(Binary.fromString(value));
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
    end(name);
    return this;
  }

  Columns floats(String name, float[] values) {
    start(name);
    out.startGroup();
    if (values.length > 0) {
      out.startField("list", 0);
      for (float value : values) {
        out.startGroup();
        out.startField("element", 0);
        out.addFloat(value);
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
    end(name);
    return this;
  }

  private void start(String name) {
    out.startField(name, schema.getFieldIndex(name));
  }

  private void end(String name) {
    out.endField(name, schema.getFieldIndex(name));
  }
}
