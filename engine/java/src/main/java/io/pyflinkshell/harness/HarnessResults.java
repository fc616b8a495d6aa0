// What came out at one place of a harness, in order, in the form that Python decodes.
package io.pyflinkshell.harness;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.types.EncodedRecord;
import java.io.ByteArrayOutputStream;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Records cost their encoding, as in front of a sink. */
public final class HarnessResults {
  static final byte RECORD = 0;
  static final byte STAMPED_RECORD = 1;
  static final byte WATERMARK = 2;
  static final byte ACTIVE = 3;
  static final byte IDLE = 4;
  private static final int NULL = 2;

  /** Null when the records are encoded already. */
  private final ValueCodec codec;

  /** Values that are bytes in the form of the schema. */
  private final boolean raw;

  private final byte[] schema;
  private final ByteArrayOutputStream kinds = new ByteArrayOutputStream();
  private long[] times = new long[16];
  private ByteBuffer records = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

  private HarnessResults(ValueCodec codec, boolean raw, byte[] schema) {
    this.codec = codec;
    this.raw = raw;
    this.schema = schema;
  }

  /** For EncodedRecords. */
  static HarnessResults encoded(byte[] schema) {
    return new HarnessResults(null, false, schema);
  }

  /** For Java's objects. */
  static HarnessResults typed(TypeInformation<?> type) {
    return new HarnessResults(ValueCodec.of(type), false, TypeSchema.of(type));
  }

  /** For arrays of bytes that are in the form of the schema. */
  static HarnessResults raw(byte[] schema) {
    return new HarnessResults(null, true, schema);
  }

  void add(StreamRecord<?> record) {
    boolean stamped = record.hasTimestamp();
    value(record.getValue());
    note(stamped ? STAMPED_RECORD : RECORD, stamped ? record.getTimestamp() : 0);
  }

  void note(byte kind, long time) {
    int count = kinds.size();
    if (count == times.length) {
      times = Arrays.copyOf(times, 2 * count);
    }
    times[count] = time;
    kinds.write(kind);
  }

  private void value(Object value) {
    int start = records.position();
    while (true) {
      try {
        if (raw) {
          records.put((byte) 0).put((byte[]) value);
        } else if (codec == null) {
          records.put((byte) 0).put(((EncodedRecord) value).data);
        } else if (value == null) {
          records.put((byte) NULL);
        } else {
          records.put((byte) 0);
          codec.write(records, value);
        }
        return;
      } catch (BufferOverflowException e) {
        ByteBuffer larger = ByteBuffer.allocate(Math.multiplyExact(records.capacity(), 2));
        records.position(start).flip();
        records = larger.order(ByteOrder.LITTLE_ENDIAN).put(records);
      }
    }
  }

  /** {byte[] kinds, long[] times, byte[] records} since the last call, or null for nothing. */
  public Object[] take() {
    int count = kinds.size();
    if (count == 0) {
      return null;
    }
    Object[] taken = {
      kinds.toByteArray(),
      Arrays.copyOf(times, count),
      Arrays.copyOf(records.array(), records.position())
    };
    kinds.reset();
    records.clear();
    return taken;
  }

  /** 0: values alone, 1: encoded bodies. See the wire format. */
  public int mode() {
    return codec == null && !raw ? 1 : 0;
  }

  public byte[] schema() {
    return schema.clone();
  }
}
