// Sees that no record waits in a batch for more than about a millisecond when the input pauses.
// A batch costs its operator one volatile write and read; the thread wakes 2,000 times a second
// while batches are open anywhere in the process and sleeps otherwise.
package io.pyflinkshell.operator;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * One daemon thread for all operators of the process. It looks at each member twice a millisecond;
 * a batch that was already open at the last look is asked to flush on its own task thread.
 */
public final class BatchTicker {
  private static final long TICK_NANOS = 500_000L;
  private static final int TICKS_BEFORE_SLEEP = 40;

  private static final BatchTicker INSTANCE = new BatchTicker();

  private final CopyOnWriteArrayList<Member> members = new CopyOnWriteArrayList<>();
  private volatile Thread thread;
  private volatile boolean asleep;

  private BatchTicker() {}

  public static BatchTicker instance() {
    return INSTANCE;
  }

  /** What fills batches. */
  public abstract static class Member {
    /** Number of the open batch; 0 when there is none. Written by the owner only. */
    private volatile long open;

    private long lastSeen;

    /** The owner began batch {@code number}, which must differ from the last ones. */
    protected final void batchOpened(long number) {
      open = number;
      if (INSTANCE.asleep) {
        LockSupport.unpark(INSTANCE.thread);
      }
    }

    protected final void batchClosed() {
      open = 0;
    }

    protected final long openBatch() {
      return open;
    }

    /**
     * On the ticker's thread: make the owner flush if {@code number} is still open. Not blocking.
     */
    protected abstract void requestFlush(long number);
  }

  public void add(Member member) {
    members.add(member);
    synchronized (this) {
      if (thread == null) {
        Thread t = new Thread(this::loop, "pyflink-batch-ticker");
        t.setDaemon(true);
        // A task's loader would live as long as this thread.
        t.setContextClassLoader(BatchTicker.class.getClassLoader());
        thread = t;
        t.start();
      }
    }
  }

  public void remove(Member member) {
    members.remove(member);
  }

  private void loop() {
    int quiet = 0;
    while (true) {
      LockSupport.parkNanos(this, TICK_NANOS);
      if (look()) {
        quiet = 0;
      } else if (++quiet >= TICKS_BEFORE_SLEEP) {
        sleep();
        quiet = 0;
      }
    }
  }

  /** The flag goes up before the last look, so a batch opened meanwhile is seen or unparks. */
  private void sleep() {
    asleep = true;
    while (!look()) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private boolean look() {
    boolean any = false;
    for (Member member : members) {
      long now = member.open;
      if (now != 0) {
        any = true;
        if (now == member.lastSeen) {
          member.requestFlush(now);
        }
      }
      member.lastSeen = now;
    }
    return any;
  }
}
