// The watermarks of a chain whose last step is a generator in Python.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;
import org.apache.flink.streaming.api.operators.util.PausableRelativeClock;
import org.apache.flink.streaming.runtime.operators.TimestampsAndWatermarksOperator.WatermarkEmitter;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Does what Flink's TimestampsAndWatermarksOperator does with a generator in Java. Python has run
 * on_event when a record is read from the output buffer, and what it emitted follows there; Java's
 * strategy stands around that, so that its idleness sees each record and can do without the
 * periodic call.
 */
final class ChainWatermarks implements ProcessingTimeCallback {
  /** A flag of what is no record: see runtime_watermarks.h. */
  static final int WATERMARKS = 0x10;

  private static final int EMIT = 0;
  private static final int MARK_IDLE = 1;

  private final PythonChainOperator<?> operator;
  private final WatermarkOutput output;
  private final long interval;
  private final PausableRelativeClock clock;
  private final WatermarkGenerator<Object> generator;

  ChainWatermarks(PythonChainOperator<?> operator, WatermarkStrategy<Object> strategy) {
    this.operator = operator;
    output = new WatermarkEmitter(operator.nextOutput());
    interval = operator.getExecutionConfig().getAutoWatermarkInterval();
    clock = new PausableRelativeClock(operator.getProcessingTimeService().getClock());
    generator = strategy.createWatermarkGenerator(new Context());
  }

  /** Called when the chain is open. */
  void open() {
    ioMetrics().registerBackPressureListener(clock);
    if (interval > 0) {
      scheduleNext();
    }
  }

  void close() {
    ioMetrics().unregisterBackPressureListener(clock);
  }

  private TaskIOMetricGroup ioMetrics() {
    return operator.getContainingTask().getEnvironment().getMetricGroup().getIOMetricGroup();
  }

  private void scheduleNext() {
    long now = operator.getProcessingTimeService().getCurrentProcessingTime();
    operator.getProcessingTimeService().registerTimer(now + interval, this);
  }

  /** A record was emitted; what Python said about it follows in the buffer. */
  void emitted(Object value, long timestamp) {
    generator.onEvent(value, timestamp, output);
  }

  /** Applies the command whose first byte was read already. */
  void command(int flags, ByteBuffer in) {
    apply(flags, in.getLong(), output);
  }

  static void apply(int flags, long timestamp, WatermarkOutput output) {
    int what = flags & 3;
    if (what == EMIT) {
      output.emitWatermark(new Watermark(timestamp));
    } else if (what == MARK_IDLE) {
      output.markIdle();
    } else {
      output.markActive();
    }
  }

  @Override
  public void onProcessingTime(long timestamp) throws Exception {
    periodic();
    scheduleNext();
  }

  void periodic() throws Exception {
    operator.flush();
    generator.onPeriodicEmit(output);
  }

  /** As in Flink's operator, watermarks from before it do not count, but the last one does. */
  void upstream(long timestamp) {
    if (timestamp == Long.MAX_VALUE) {
      output.emitWatermark(Watermark.MAX_WATERMARK);
    }
  }

  private final class Context implements WatermarkGeneratorSupplier.Context {
    @Override
    public MetricGroup getMetricGroup() {
      return operator.getMetricGroup();
    }

    @Override
    public RelativeClock getInputActivityClock() {
      return clock;
    }

    /** For the innermost generator, which is Python's. */
    PythonChainOperator<?> operator() {
      return operator;
    }
  }

  /** The innermost part of a strategy, which stands for the generator in Python. */
  static WatermarkGenerator<Object> generatorOf(WatermarkGeneratorSupplier.Context context) {
    if (!(context instanceof Context)) {
      throw new UnsupportedOperationException(
          "a generator of watermarks in Python works behind"
              + " DataStream.assign_timestamps_and_watermarks() and from_source() only");
    }
    PythonChainOperator<?> operator = ((Context) context).operator();
    return new WatermarkGenerator<Object>() {
      @Override
      public void onEvent(Object event, long timestamp, WatermarkOutput output) {
        // Python has done that.
      }

      @Override
      public void onPeriodicEmit(WatermarkOutput output) {
        operator.askForWatermarks();
      }
    };
  }
}
