// The processing time of a harness: it stands still until a test moves it.
package io.pyflinkshell.harness;

import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.runtime.tasks.TimerService;
import org.apache.flink.util.clock.Clock;

/** Belongs to the harness's thread. What is due runs in {@link #fireNext}, and nowhere else. */
final class HarnessClock extends Clock implements TimerService {
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private long now;
  private long sequence;
  private boolean quiesced;
  private boolean terminated;

  void set(long millis) {
    now = millis;
  }

  /** Runs the callback that is due first; false when none is. */
  boolean fireNext() throws Exception {
    Due next = due.peek();
    while (next != null && next.isDone()) {
      due.poll();
      next = due.peek();
    }
    if (next == null || next.time > now) {
      return false;
    }
    due.poll();
    next.run();
    return true;
  }

  @Override
  public Clock getClock() {
    return this;
  }

  @Override
  public long absoluteTimeMillis() {
    return now;
  }

  @Override
  public long relativeTimeMillis() {
    return now;
  }

  @Override
  public long relativeTimeNanos() {
    return TimeUnit.MILLISECONDS.toNanos(now);
  }

  @Override
  public ScheduledFuture<?> registerTimer(long timestamp, ProcessingTimeCallback target) {
    return add(new Due(timestamp, 0, target));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      ProcessingTimeCallback callback, long initialDelay, long period) {
    return add(new Due(now + initialDelay, period, callback));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      ProcessingTimeCallback callback, long initialDelay, long period) {
    return scheduleAtFixedRate(callback, initialDelay, period);
  }

  private Due add(Due entry) {
    if (!quiesced) {
      due.add(entry);
    }
    return entry;
  }

  @Override
  public CompletableFuture<Void> quiesce() {
    quiesced = true;
    due.clear();
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public boolean isTerminated() {
    return terminated;
  }

  @Override
  public void shutdownService() {
    terminated = true;
    quiesce();
  }

  @Override
  public boolean shutdownServiceUninterruptible(long timeoutMillis) {
    shutdownService();
    return true;
  }

  /** A callback and when it runs; those of one time run in the order of their registration. */
  private final class Due extends CompletableFuture<Void> implements ScheduledFuture<Void> {
    private final long period;
    private final long order = sequence++;
    private final ProcessingTimeCallback callback;
    private long time;

    Due(long time, long period, ProcessingTimeCallback callback) {
      this.time = time;
      this.period = period;
      this.callback = callback;
    }

    void run() throws Exception {
      long fired = time;
      if (period > 0) {
        time += period;
        add(this);
      } else {
        complete(null);
      }
      callback.onProcessingTime(fired);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(time - now, TimeUnit.MILLISECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Due that = (Due) other;
      int times = Long.compare(time, that.time);
      return times != 0 ? times : Long.compare(order, that.order);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
