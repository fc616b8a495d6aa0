// Tells Python the current watermark, and the clock where it is not the machine's.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/** Written in front of the first record that a time holds for; see runtime_timers.h. */
final class TaskTimes {
  private static final long REAL_CLOCK = Long.MIN_VALUE;

  /** A service that is so far from the machine's clock is a test's. */
  private static final long MANUAL_MILLIS = 10_000;

  private final ProcessingTimeService service;
  private final boolean manual;
  private long watermark = Long.MIN_VALUE;
  private long writtenWatermark = Long.MIN_VALUE;
  private long writtenTime = REAL_CLOCK;

  /** {@code manual} when the service is known not to be the machine's clock. */
  TaskTimes(ProcessingTimeService service, boolean manual) {
    this.service = service;
    this.manual = manual;
  }

  void watermark(long timestamp) {
    watermark = timestamp;
  }

  /** Writes the times if they changed; a batch begins. */
  void write(ByteBuffer out) {
    long time = service.getCurrentProcessingTime();
    if (!manual && Math.abs(time - System.currentTimeMillis()) < MANUAL_MILLIS) {
      time = REAL_CLOCK;
    }
    if (watermark != writtenWatermark || time != writtenTime) {
      out.put((byte) Timers.CONTROL);
      out.putLong(watermark);
      out.putLong(time);
      writtenWatermark = watermark;
      writtenTime = time;
    }
  }

  /** What was written is lost. */
  void rewrite(ByteBuffer out) {
    writtenWatermark = watermark + 1;
    write(out);
  }
}
