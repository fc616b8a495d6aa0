// Timestamps and watermarks of a source by Python objects, inside the source's own operator.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.ValueCodec;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Sources that are aligned have to know their watermarks themselves, record by record. Everywhere
 * else operators behind the source do the same work in batches.
 */
public final class SourceTimestamps {
  private static final String ASSIGNER = "Extract-Timestamp";
  private static final String GENERATOR = "Timestamps/Watermarks";

  private SourceTimestamps() {}

  /** Asks a pickled TimestampAssigner. */
  public static TimestampAssignerSupplier<Object> assigner(
      byte[] payload, TypeInformation<?> type) {
    return context -> assigner(open(PythonStep.ASSIGN_TIMESTAMPS, ASSIGNER, payload, type));
  }

  /** Asks a generator made by a pickled supplier. */
  public static WatermarkGeneratorSupplier<Object> generator(
      byte[] payload, TypeInformation<?> type) {
    return context ->
        new Generator(open(PythonStep.WATERMARKS, GENERATOR, payload, type), ValueCodec.of(type));
  }

  private static SingleRecordChain open(
      int kind, String name, byte[] payload, TypeInformation<?> type) {
    return new SingleRecordChain(kind, name, payload, type);
  }

  private static TimestampAssigner<Object> assigner(SingleRecordChain chain) {
    return (value, timestamp) -> {
      // The result has a timestamp: flags, and then that.
      return chain.process(value, timestamp).getLong(1);
    };
  }

  private static final class Generator implements WatermarkGenerator<Object> {
    private final SingleRecordChain chain;
    private final ValueCodec codec;

    Generator(SingleRecordChain chain, ValueCodec codec) {
      this.chain = chain;
      this.codec = codec;
    }

    @Override
    public void onEvent(Object event, long timestamp, WatermarkOutput output) {
      ByteBuffer result = chain.process(event, timestamp);
      boolean isNull = (result.get() & ChainInput.NULL) != 0;
      result.getLong();
      if (!isNull) {
        codec.read(result);
      }
      apply(result, output);
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      apply(chain.control(Timers.CONTROL | ChainWatermarks.WATERMARKS), output);
    }

    private static void apply(ByteBuffer commands, WatermarkOutput output) {
      while (commands.hasRemaining()) {
        ChainWatermarks.apply(commands.get(), commands.getLong(), output);
      }
    }
  }
}
