// Writes records into the native input buffer: flags, timestamp, then the value or its bytes.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.types.EncodedRecord;
import java.nio.ByteBuffer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** One form per operator; both throw BufferOverflowException when a record does not fit. */
abstract class ChainInput {
  static final int HAS_TIMESTAMP = 1;
  static final int NULL = 2;

  abstract void write(ByteBuffer out, StreamRecord<?> record);

  static ChainInput of(ChainSpec spec) {
    return spec.inEncoded ? new Encoded() : new Typed(ValueCodec.of(spec.inJavaType()));
  }

  private static void head(ByteBuffer out, StreamRecord<?> record, int flags) {
    if (record.hasTimestamp()) {
      out.put((byte) (flags | HAS_TIMESTAMP));
      out.putLong(record.getTimestamp());
    } else {
      out.put((byte) flags);
    }
  }

  private static final class Typed extends ChainInput {
    private final ValueCodec codec;

    Typed(ValueCodec codec) {
      this.codec = codec;
    }

    @Override
    void write(ByteBuffer out, StreamRecord<?> record) {
      Object value = record.getValue();
      if (value == null) {
        head(out, record, NULL);
      } else {
        head(out, record, 0);
        codec.write(out, value);
      }
    }
  }

  private static final class Encoded extends ChainInput {
    @Override
    void write(ByteBuffer out, StreamRecord<?> record) {
      head(out, record, 0);
      out.put(((EncodedRecord) record.getValue()).data);
    }
  }
}
