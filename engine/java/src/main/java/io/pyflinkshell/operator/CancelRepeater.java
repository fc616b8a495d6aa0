// Cancels functions again until they have given up: a loop may catch the first exceptions.
package io.pyflinkshell.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** One daemon thread, which lives while a cancelled task has not left its functions. */
final class CancelRepeater {
  /** RUNTIME_CANCEL_MILLIS of the native side, whose patience is counted in these. */
  private static final long INTERVAL_MILLIS = 200;

  private static final List<BooleanSupplier> MEMBERS = new ArrayList<>();

  private CancelRepeater() {}

  /** Calls {@code cancel} every interval until it returns false. */
  static void add(BooleanSupplier cancel) {
    synchronized (MEMBERS) {
      MEMBERS.add(cancel);
      if (MEMBERS.size() > 1) {
        return;
      }
    }
    Thread thread = new Thread(CancelRepeater::loop, "pyflink-cancel-repeater");
    thread.setDaemon(true);
    // A task's loader would live as long as this thread.
    thread.setContextClassLoader(CancelRepeater.class.getClassLoader());
    thread.start();
  }

  private static void loop() {
    List<BooleanSupplier> done;
    do {
      try {
        Thread.sleep(INTERVAL_MILLIS);
      } catch (InterruptedException e) {
        // Nobody interrupts it, and an early round does no harm.
      }
      synchronized (MEMBERS) {
        done = new ArrayList<>(MEMBERS);
      }
      // Not under the lock: a cancel waits for the GIL.
      done.removeIf(BooleanSupplier::getAsBoolean);
    } while (remove(done));
  }

  /** Whether any are left. */
  private static boolean remove(List<BooleanSupplier> done) {
    synchronized (MEMBERS) {
      MEMBERS.removeAll(done);
      return !MEMBERS.isEmpty();
    }
  }
}
