// The way of collected rows from the tasks of one job to the program: a bounded queue of batches,
// and, with exactly-once checkpoints, what waits in front of it for its checkpoint.
package io.pyflinkshell.api;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Tasks find their channel by its number, because a job graph is serialized. */
final class CollectChannel {
  private static final ConcurrentHashMap<Long, CollectChannel> OPEN = new ConcurrentHashMap<>();

  /** Enough for both sides to work at once; what is more only costs memory. */
  private static final int BATCHES = 16;

  /** Wakes the reader; never handed out. */
  private static final byte[] WAKE = new byte[0];

  private final long number;
  private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(BATCHES);
  private final ConcurrentHashMap<Integer, Subtask> subtasks = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile boolean repeated;

  private CollectChannel(long number) {
    this.number = number;
  }

  static CollectChannel create(long number) {
    CollectChannel channel = new CollectChannel(number);
    OPEN.put(number, channel);
    return channel;
  }

  /** The channel, or null when its reader has gone. */
  static CollectChannel find(long number) {
    return OPEN.get(number);
  }

  /** What the attempts of one subtask share; one of them at a time uses it, and then the reader. */
  final class Subtask {
    private final PendingRows pending = new PendingRows();
    private boolean wrote;

    /** A new attempt begins; without checkpoints, rows that were handed out would come again. */
    synchronized void restarted(boolean fromNothing) throws IOException {
      pending.clear();
      if (fromNothing && wrote) {
        repeated = true;
        wakeReader();
      }
    }

    /** A new attempt begins where the checkpoint was; -1 for none. */
    void restartedFrom(long checkpoint) throws IOException, InterruptedException {
      release(checkpoint);
      synchronized (this) {
        pending.clear();
      }
    }

    /** For the reader at once. Waits while it is behind. */
    void put(byte[] batch) throws InterruptedException {
      wrote = true;
      CollectChannel.this.put(batch);
    }

    /** For the reader after the next checkpoint, or when the job has ended, well or not. */
    synchronized void hold(byte[] batch) throws IOException {
      if (!closed) {
        pending.add(batch);
      }
    }

    synchronized void checkpoint(long id) {
      pending.checkpoint(id);
    }

    /** Hands out what belongs to a complete checkpoint. Waits while the reader is behind. */
    void release(long checkpoint) throws IOException, InterruptedException {
      while (true) {
        byte[] batch;
        synchronized (this) {
          batch = pending.peek(checkpoint);
        }
        if (batch == null) {
          return;
        }
        CollectChannel.this.put(batch);
        // Only now: a task that is cancelled while it waits leaves the batch to the next attempt.
        synchronized (this) {
          if (!closed) {
            pending.remove();
          }
        }
      }
    }

    private synchronized byte[] takeRest() throws IOException {
      byte[] batch = pending.peek();
      if (batch != null) {
        pending.remove();
      }
      return batch;
    }

    private synchronized void close() {
      try {
        pending.close();
      } catch (IOException e) {
        // Its file is a temporary one; there is nothing to save.
        return;
      }
    }
  }

  Subtask subtask(int index) {
    return subtasks.computeIfAbsent(index, ignored -> new Subtask());
  }

  /** Waits while the reader is behind; drops the batch when there is no reader any more. */
  private void put(byte[] batch) throws InterruptedException {
    while (!closed && !queue.offer(batch, 100, TimeUnit.MILLISECONDS)) {
      // A full queue: look again whether the reader has gone.
      continue;
    }
  }

  /** The next batch, or null when none came in time or the reader was woken. */
  byte[] poll(long timeoutMillis) throws InterruptedException {
    byte[] batch = queue.poll();
    if (batch == null && timeoutMillis > 0) {
      batch = queue.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    }
    return batch == WAKE ? null : batch;
  }

  /** What is left when the job has ended, batch by batch; null at the end. */
  byte[] pollRest() throws IOException {
    for (Subtask subtask : subtasks.values()) {
      byte[] batch = subtask.takeRest();
      if (batch != null) {
        return batch;
      }
    }
    return null;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Whether the job has begun again without a checkpoint after rows had been handed out. */
  boolean isRepeated() {
    return repeated;
  }

  void wakeReader() {
    queue.offer(WAKE);
  }

  void close() {
    closed = true;
    OPEN.remove(number);
    queue.clear();
    subtasks.values().forEach(Subtask::close);
  }
}
