// Writes records into the native input buffer: flags, timestamp, then the value or its bytes.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.types.EncodedRecord;
import java.nio.ByteBuffer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** One form per input; both throw BufferOverflowException when a record does not fit. */
abstract class ChainInput {
  static final int HAS_TIMESTAMP = 1;
  static final int NULL = 2;
  static final int FROM_SECOND = 4;
  private static final int IS_PAIR = 16;

  /** Flags that all records of this input have. */
  private final int origin;

  private ChainInput(int number) {
    this.origin = number == 0 ? 0 : FROM_SECOND;
  }

  abstract void write(ByteBuffer out, StreamRecord<?> record);

  /** The writer of one input of a chain, counted from 0. */
  static ChainInput of(ChainSpec spec, int number) {
    return of(spec.inputs.get(number), number);
  }

  /** The writer of what has one input and is no chain. */
  static ChainInput of(InputSpec input) {
    return of(input, 0);
  }

  private static ChainInput of(InputSpec input, int number) {
    return input.encoded ? new Encoded(number) : new Typed(number, ValueCodec.of(input.javaType()));
  }

  final void head(ByteBuffer out, StreamRecord<?> record, int flags) {
    if (record.hasTimestamp()) {
      out.put((byte) (origin | flags | HAS_TIMESTAMP));
      out.putLong(record.getTimestamp());
    } else {
      out.put((byte) (origin | flags));
    }
  }

  /** Two records that belong together, one after the other. */
  static final class Pair extends ChainInput {
    final StreamRecord<Object> left = new StreamRecord<>(null);
    final StreamRecord<Object> right = new StreamRecord<>(null);
    private final ChainInput first;
    private final ChainInput second;

    Pair(ChainInput first, ChainInput second) {
      super(0);
      this.first = first;
      this.second = second;
    }

    /** Writes what left and right are; the record does not count. */
    @Override
    void write(ByteBuffer out, StreamRecord<?> record) {
      out.put((byte) IS_PAIR);
      first.write(out, left);
      second.write(out, right);
    }
  }

  private static final class Typed extends ChainInput {
    private final ValueCodec codec;

    Typed(int number, ValueCodec codec) {
      super(number);
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
    Encoded(int number) {
      super(number);
    }

    @Override
    void write(ByteBuffer out, StreamRecord<?> record) {
      head(out, record, 0);
      out.put(((EncodedRecord) record.getValue()).data);
    }
  }
}
