// Runs a chain of Python functions: gathers records, crosses into C once per batch, emits results.
// A record costs its encoding into a native buffer on the way in and its decoding on the way out;
// the crossing (one JNI call and one GIL hand-over) is shared by up to 1,024 records.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.KeyDecoder;
import java.io.Closeable;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * A batch ends when it is full, when it would take Python more than about two milliseconds, before
 * a watermark, a barrier or the end of input, and about a millisecond after the input paused. The
 * first record after a pause does not wait at all.
 */
public abstract class PythonChainOperator<OUT> extends AbstractStreamOperator<OUT> {
  private static final long serialVersionUID = 1L;

  static final int MAX_BATCH = 1024;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final long TARGET_NANOS = 1_500_000L;
  private static final long PAUSE_NANOS = 1_000_000L;

  final transient ChainSpec spec;
  private final transient ChainCalls.Opener opener;
  private final transient MailboxExecutor mailbox;
  private final transient Ticket ticket = new Ticket();
  private final transient Object closeLock = new Object();
  private final transient Closeable canceller = this::cancelChain;

  private transient ChainOutput writer;
  private transient KeyedStateAccess keyedState;
  private transient ChainCalls chain;
  private transient ByteBuffer input;
  private transient ByteBuffer nativeOutput;

  private transient int pending;
  private transient int limit;
  private transient int fullAt;
  private transient boolean flushing;
  private transient boolean fresh;
  private transient long batchNumber;
  private transient long lastEnd;
  private transient boolean closed;

  PythonChainOperator(
      StreamOperatorParameters<OUT> parameters, ChainSpec spec, ChainCalls.Opener opener) {
    this.spec = spec;
    this.opener = opener;
    this.mailbox = parameters.getMailboxExecutor();
    this.processingTimeService = parameters.getProcessingTimeService();
    setup(parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    if (spec.reducesWholeStream() && !spec.batchMode) {
      keyedState = new WholeStreamState(context.getOperatorStateStore());
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    writer = ChainOutput.of(spec);
    if (spec.stateKeyType() != null && !spec.batchMode && getKeyedStateBackend() != null) {
      KeyedState state = new KeyedState(this, new KeyDecoder(spec.stateKeyType()));
      state.register();
      keyedState = state;
    }
    chain = opener.open(this, spec, keyedState, BUFFER_BYTES);
    getContainingTask().getCancelables().registerCloseable(canceller);
    useInput(chain.input());
    nativeOutput = chain.output().order(ByteOrder.LITTLE_ENDIAN);
    limit = 16;
    BatchTicker.instance().add(ticket);
  }

  /** Adds a record to the batch, in the form of the input that it came from. */
  final void add(ChainInput reader, StreamRecord<?> record) throws Exception {
    if (pending == 0) {
      beginBatch();
    }
    ByteBuffer buffer = input;
    int start = buffer.position();
    try {
      reader.write(buffer, record);
    } catch (BufferOverflowException e) {
      makeRoom(reader, record, start);
    }
    if (++pending >= limit || input.position() > fullAt || fresh) {
      flush();
    }
  }

  private void beginBatch() {
    fresh = System.nanoTime() - lastEnd > PAUSE_NANOS;
    if (!fresh) {
      ticket.open(++batchNumber);
    }
  }

  /** The record did not fit: empty the buffer, then enlarge it until the record fits alone. */
  private void makeRoom(ChainInput reader, StreamRecord<?> record, int start) throws Exception {
    input.position(start);
    flush();
    while (true) {
      try {
        reader.write(input, record);
        return;
      } catch (BufferOverflowException e) {
        input.position(0);
        useInput(chain.growInput(Math.multiplyExact(input.capacity(), 2)));
      }
    }
  }

  private void useInput(ByteBuffer buffer) {
    input = buffer.order(ByteOrder.LITTLE_ENDIAN);
    input.clear();
    fullAt = input.capacity() - input.capacity() / 8;
  }

  /** Runs what was gathered and emits what comes of it. */
  final void flush() throws Exception {
    if (pending == 0 || flushing) {
      return;
    }
    int count = pending;
    int bytes = input.position();
    pending = 0;
    fresh = false;
    ticket.closed();
    input.clear();
    long began = System.nanoTime();
    long result = chain.run(bytes);
    adapt(count, System.nanoTime() - began);
    emitAll(result);
    lastEnd = System.nanoTime();
  }

  /** Keeps a batch near the time that a record may wait for its neighbours. */
  private void adapt(int count, long nanos) {
    if (nanos > TARGET_NANOS) {
      limit = (int) Math.max(1, Math.min(limit, count * TARGET_NANOS / nanos));
    } else if (count >= limit && nanos < TARGET_NANOS / 2) {
      limit = Math.min(MAX_BATCH, limit * 2);
    }
  }

  /** Emitting can block, and can run mails that ask for a flush: those have to wait. */
  private void emitAll(long first) {
    flushing = true;
    try {
      long result = first;
      while (true) {
        emit(result);
        if ((result & NativeChain.MORE) == 0) {
          return;
        }
        result = chain.run(0);
      }
    } finally {
      flushing = false;
    }
  }

  @SuppressWarnings("unchecked")
  private void emit(long result) {
    Output<StreamRecord<Object>> next = (Output<StreamRecord<Object>>) (Output<?>) output;
    try {
      writer.emit(outputOf(result), (int) result, next);
    } catch (RuntimeException e) {
      throw NullResults.explain(spec, writer.last(), e);
    }
  }

  private ByteBuffer outputOf(long result) {
    if ((result & NativeChain.OUTPUT_MOVED) != 0) {
      nativeOutput = chain.output().order(ByteOrder.LITTLE_ENDIAN);
    }
    return nativeOutput;
  }

  /** The key is set where state is used, not for each record. */
  @Override
  @SuppressWarnings("rawtypes")
  public final void setKeyContextElement1(StreamRecord record) {}

  @Override
  @SuppressWarnings("rawtypes")
  public final void setKeyContextElement2(StreamRecord record) {}

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    flush();
    chain.watermark(mark.getTimestamp());
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    if (keyedState != null) {
      writeState();
    }
    super.snapshotState(context);
  }

  /** Moves the dirty entries of C's cache into Flink's backend. */
  private void writeState() throws Exception {
    long result = chain.flushState();
    while (true) {
      ByteBuffer in = outputOf(result);
      int bytes = (int) result;
      in.limit(bytes).position(0);
      while (in.position() < bytes) {
        byte[] key = new byte[in.getInt()];
        int valueLength = in.getInt();
        in.get(key);
        byte[] value = valueLength < 0 ? null : new byte[valueLength];
        if (value != null) {
          in.get(value);
        }
        keyedState.put(key, value);
      }
      if ((result & NativeChain.MORE) == 0) {
        return;
      }
      result = chain.flushState();
    }
  }

  /** All inputs have ended. */
  final void endInputs() throws Exception {
    flush();
    emitAll(chain.endInput());
  }

  @Override
  public void finish() throws Exception {
    flush();
    super.finish();
  }

  private void cancelChain() {
    if (cancelOnce()) {
      CancelRepeater.add(this::cancelOnce);
    }
  }

  /** False when the task has left its functions for good. */
  private boolean cancelOnce() {
    synchronized (closeLock) {
      if (chain != null) {
        chain.cancel();
      }
      return chain != null;
    }
  }

  /** Also called when open failed; the chain's own close runs once, and can be cancelled. */
  @Override
  public void close() throws Exception {
    BatchTicker.instance().remove(ticket);
    ChainCalls closing = chain;
    try {
      if (closing != null && !closed) {
        closed = true;
        closing.close();
      }
    } finally {
      synchronized (closeLock) {
        chain = null;
      }
      getContainingTask().getCancelables().unregisterCloseable(canceller);
      super.close();
    }
  }

  int batchLimit() {
    return limit;
  }

  /** The open batch as the ticker sees it. */
  private final class Ticket extends BatchTicker.Member {
    private volatile boolean asked;

    void open(long number) {
      batchOpened(number);
    }

    void closed() {
      batchClosed();
    }

    @Override
    protected void requestFlush(long number) {
      if (asked) {
        return;
      }
      asked = true;
      try {
        mailbox.execute(this::flushBatch, "flush the batch %s", number);
      } catch (RejectedExecutionException e) {
        // The task is ending; it flushes by itself.
        return;
      }
    }

    private void flushBatch() throws Exception {
      asked = false;
      // A batch that began after the request is young and waits for its own turn.
      if (chain != null && pending > 0) {
        flush();
      }
    }
  }
}
