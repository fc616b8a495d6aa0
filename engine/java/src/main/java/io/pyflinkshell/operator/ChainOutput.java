// Reads records from the native output buffer and hands them to the next operator.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.types.EncodedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** One form per operator. The StreamRecord is reused, as Flink's own operators do. */
abstract class ChainOutput {
  private static final int SIDE = 8;
  private static final byte[] NULL_VALUE = {0, 0, 0, 0, 1, 0, 0, 0, 0};

  private final StreamRecord<Object> reuse = new StreamRecord<>(null);
  private Timers timers;
  private ChainWatermarks watermarks;

  /** Where commands for timers go that stand between the records. */
  final void useTimers(Timers timers) {
    this.timers = timers;
  }

  /** Who hears of each record, and gets the watermarks that stand between the records. */
  final void useWatermarks(ChainWatermarks watermarks) {
    this.watermarks = watermarks;
  }

  /** The side outputs of all steps and their forms, by number. */
  private final List<OutputTag<Object>> tags = new ArrayList<>();

  private final List<ChainOutput> sides = new ArrayList<>();

  abstract Object read(ByteBuffer in, int flags);

  static ChainOutput of(ChainSpec spec) {
    ChainOutput main = of(spec.outEncoded, spec.outJavaType());
    for (PythonStep step : spec.steps) {
      for (SideOutput side : step.sideOutputs) {
        main.tags.add(side.edgeTag);
        main.sides.add(of(side.encoded, side.type));
      }
    }
    return main;
  }

  private static ChainOutput of(boolean encoded, TypeInformation<?> type) {
    return encoded ? new Encoded() : new Typed(ValueCodec.of(type));
  }

  /** Emits the records in {@code in[0, bytes)}. */
  void emit(ByteBuffer in, int bytes, Output<StreamRecord<Object>> output) {
    in.limit(bytes).position(0);
    while (in.position() < bytes) {
      int flags = in.get();
      if ((flags & Timers.CONTROL) != 0) {
        if ((flags & ChainWatermarks.WATERMARKS) != 0) {
          watermarks.command(flags, in);
        } else {
          timers.command(flags, in);
        }
        continue;
      }
      if ((flags & ChainInput.HAS_TIMESTAMP) != 0) {
        reuse.setTimestamp(in.getLong());
      } else {
        reuse.eraseTimestamp();
      }
      if ((flags & SIDE) != 0) {
        int side = in.getShort() & 0xffff;
        reuse.replace(sides.get(side).read(in, flags));
        output.collect(tags.get(side), reuse);
        continue;
      }
      Object value = read(in, flags);
      reuse.replace(value);
      if (watermarks == null) {
        output.collect(reuse);
      } else {
        long timestamp = reuse.getTimestamp();
        output.collect(reuse);
        watermarks.emitted(value, timestamp);
      }
    }
  }

  /** The value that was emitted last. */
  Object last() {
    return reuse.getValue();
  }

  private static final class Typed extends ChainOutput {
    private final ValueCodec codec;

    Typed(ValueCodec codec) {
      this.codec = codec;
    }

    @Override
    Object read(ByteBuffer in, int flags) {
      return (flags & ChainInput.NULL) != 0 ? null : codec.read(in);
    }
  }

  private static final class Encoded extends ChainOutput {
    @Override
    Object read(ByteBuffer in, int flags) {
      if ((flags & ChainInput.NULL) != 0) {
        return new EncodedRecord(NULL_VALUE, 0);
      }
      int start = in.position();
      int keyLength = in.getInt(start);
      byte[] data = new byte[EncodedRecord.HEADER + keyLength + in.getInt(start + 4)];
      in.get(data);
      return new EncodedRecord(data, keyLength);
    }
  }
}
