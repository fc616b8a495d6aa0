// The way of collected rows from the tasks of one job to the program: a bounded queue of batches.
package io.pyflinkshell.api;

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
  private volatile boolean closed;

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

  /** Waits while the reader is behind; drops the batch when there is no reader any more. */
  void put(byte[] batch) throws InterruptedException {
    while (!closed && !queue.offer(batch, 100, TimeUnit.MILLISECONDS)) {
      // A full queue: look again whether the reader has gone.
      continue;
    }
  }

  /** Adds a batch when there is room and a reader. */
  void offer(byte[] batch) {
    if (!closed) {
      queue.offer(batch);
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

  boolean isEmpty() {
    return queue.isEmpty();
  }

  void wakeReader() {
    queue.offer(WAKE);
  }

  void close() {
    closed = true;
    OPEN.remove(number);
    queue.clear();
  }
}
