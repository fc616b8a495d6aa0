// The timers of a Python operator in Flink's timer service.
// Registering costs decoding the key and Flink's own work; a timer that fires costs its encoding.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Timers that are due go to Python in batches. Python gives back those that must not fire yet,
 * because one that was registered meanwhile comes before them; see runtime_timers.h.
 */
final class Timers implements Triggerable<Object, Object> {
  static final int CONTROL = 0x80;
  private static final int FIRED = 0x40;
  static final int PROCESSING_TIME = 1;
  private static final int REGISTER = 2;
  private static final int DELETE = 4;
  private static final int MAX_BATCH = PythonChainOperator.MAX_BATCH;

  /** The name that Java's own keyed process operator gives its timers. */
  private static final String NAME = "user-timers";

  /** The name that Java's own window operator gives its timers. */
  static final String WINDOW_NAME = "window-timers";

  private final PythonChainOperator<?> operator;
  private final OperatorKeys keys;
  private InternalTimerService<Object> service;

  /** Of the timers in the open batch. */
  int domain;

  /** How many timers a batch may have. */
  int limit;

  /** There may be more timers that are due at the current watermark. */
  boolean again;

  /** Of the windows that timers belong to; null: timers belong to keys alone. */
  private final WindowBytes windows;

  private final boolean batchMode;
  private final List<KeySelector<Object, Object>> selectors = new ArrayList<>();
  private final ArrayDeque<Late> late = new ArrayDeque<>();
  private Object batchKey;
  private int returned;

  /** Fired while a batch was running. */
  private static final class Late {
    final int domain;
    final long timestamp;
    final Object key;
    final Object window;

    Late(int domain, long timestamp, Object key, Object window) {
      this.domain = domain;
      this.timestamp = timestamp;
      this.key = key;
      this.window = window;
    }
  }

  Timers(PythonChainOperator<?> operator, OperatorKeys keys, ChainSpec spec) {
    this.operator = operator;
    this.keys = keys;
    windows = spec.windows() == null ? null : spec.windows().bytes;
    batchMode = spec.batchMode;
    limit = batchMode ? 1 : MAX_BATCH / 16;
    for (InputSpec input : spec.inputs) {
      selectors.add(input.keySelector());
    }
  }

  void open() {
    service =
        windows == null
            ? operator.getInternalTimerService(NAME, voidNamespaces(), this)
            : operator.getInternalTimerService(WINDOW_NAME, windows.serializer(), this);
  }

  @SuppressWarnings("unchecked")
  private static TypeSerializer<Object> voidNamespaces() {
    return (TypeSerializer<Object>) (TypeSerializer<?>) VoidNamespaceSerializer.INSTANCE;
  }

  /**
   * Before a record in batch mode: another key means that the last one is complete, and its timers
   * fire. Flink forgets its state right afterwards, so each timer runs at once.
   */
  void selectKey(int input, StreamRecord<?> record) throws Exception {
    Object key = selectors.get(input).getKey(record.getValue());
    if (!key.equals(batchKey)) {
      operator.flushBatch();
      operator.setCurrentKey(key);
      batchKey = key;
    }
  }

  /** As in Java, the watermark is at its end for the timers of batch mode and for nothing else. */
  @Override
  public void onEventTime(InternalTimer<Object, Object> timer) throws Exception {
    if (batchMode) {
      operator.times().watermark(Long.MAX_VALUE);
    }
    operator.timerFires(0, timer.getTimestamp(), timer.getKey(), timer.getNamespace());
    if (batchMode) {
      operator.times().watermark(Long.MIN_VALUE);
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<Object, Object> timer) throws Exception {
    operator.timerFires(
        PROCESSING_TIME, timer.getTimestamp(), timer.getKey(), timer.getNamespace());
  }

  void later(int domain, long timestamp, Object key, Object window) {
    late.add(new Late(domain, timestamp, key, window));
  }

  void fireLate() throws Exception {
    while (!late.isEmpty()) {
      Late timer = late.poll();
      operator.timerFires(timer.domain, timer.timestamp, timer.key, timer.window);
    }
  }

  /** A batch of {@code count} timers has run; those that came back were too many. */
  void ran(int count, boolean tooLong) {
    if (batchMode) {
      return;
    }
    if (returned > 0) {
      limit = Math.max(8, Math.min(limit, 2 * (count - returned)));
    } else if (tooLong) {
      limit = Math.max(4, limit / 2);
    } else if (count >= limit) {
      limit = Math.min(MAX_BATCH, 2 * limit);
    }
    returned = 0;
  }

  void write(ByteBuffer out, int domain, long timestamp, Object key, Object window) {
    out.put((byte) (CONTROL | FIRED | domain));
    out.putLong(timestamp);
    keys.write(out, key, window, windows);
  }

  /** Applies the command whose first byte was read already. */
  void command(int flags, ByteBuffer in) {
    long timestamp = in.getLong();
    byte[] key = new byte[in.getInt()];
    in.get(key);
    Object namespace = VoidNamespace.INSTANCE;
    if (windows == null) {
      operator.setCurrentKey(keys.decode(key));
    } else {
      operator.setCurrentKey(keys.decodeBeforeWindow(key));
      namespace = OperatorKeys.decodeWindow(key, windows);
    }
    boolean processingTime = (flags & PROCESSING_TIME) != 0;
    int command = flags & 6;
    if (command == DELETE) {
      if (processingTime) {
        service.deleteProcessingTimeTimer(namespace, timestamp);
      } else {
        service.deleteEventTimeTimer(namespace, timestamp);
      }
      return;
    }
    boolean back = command != REGISTER;
    returned += back ? 1 : 0;
    if (processingTime) {
      service.registerProcessingTimeTimer(namespace, timestamp);
    } else {
      service.registerEventTimeTimer(namespace, timestamp);
      again |= back || timestamp <= service.currentWatermark();
    }
  }
}
