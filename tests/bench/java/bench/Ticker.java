// A source that emits System.nanoTime() at a steady rate.
package bench;

import org.apache.flink.streaming.api.functions.source.SourceFunction;

public class Ticker implements SourceFunction<Long> {
  private static final long serialVersionUID = 1L;
  private final int count;
  private final long pauseNanos;
  private volatile boolean running = true;

  public Ticker(int count, long perSecond) {
    this.count = count;
    this.pauseNanos = 1_000_000_000L / perSecond;
  }

  @Override
  public void run(SourceContext<Long> out) throws Exception {
    long next = System.nanoTime();
    for (int i = 0; i < count && running; i++) {
      next += pauseNanos;
      for (long left; (left = next - System.nanoTime()) > 0; ) {
        Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
      }
      synchronized (out.getCheckpointLock()) {
        out.collect(System.nanoTime());
      }
    }
  }

  @Override
  public void cancel() {
    running = false;
  }
}
