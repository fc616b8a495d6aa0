// Runs a chain of Python functions: gathers records, crosses into C once per batch, emits results.
// A record costs its encoding into a native buffer on the way in and its decoding on the way out;
// the crossing (one JNI call and one GIL hand-over) is shared by up to 1,024 records.
package io.pyflinkshell.operator;

import java.io.Closeable;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
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
  private static final long SLOW_OUTPUT_NANOS = 50_000_000L;

  final transient ChainSpec spec;
  private final transient ChainCalls.Opener opener;
  private final transient MailboxExecutor mailbox;
  private final transient Ticket ticket = new Ticket();
  private final transient Object closeLock = new Object();
  private final transient Closeable canceller = this::cancelChain;

  private transient ChainOutput writer;
  private transient KeyedStateAccess state;
  private transient BroadcastStates broadcastStates;
  private transient Timers timers;
  private transient TaskTimes times;
  private transient ChainWatermarks watermarks;
  private transient ChainCalls chain;
  private transient ByteBuffer input;
  private transient ByteBuffer nativeOutput;

  private transient int pending;
  private transient int pendingTimers;
  private transient int limit;
  private transient int fullAt;
  private transient boolean flushing;
  private transient boolean fresh;
  private transient long batchNumber;
  private transient long runs;
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
      state = new WholeStreamState(context.getOperatorStateStore());
    }
    if (spec.broadcasts()) {
      broadcastStates = new BroadcastStates(context.getOperatorStateStore());
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    writer = ChainOutput.of(spec);
    openKeyed();
    openWatermarks();
    chain = opener.open(this, spec, state, BUFFER_BYTES);
    getContainingTask().getCancelables().registerCloseable(canceller);
    useInput(chain.input());
    nativeOutput = chain.output().order(ByteOrder.LITTLE_ENDIAN);
    limit = 16;
    BatchTicker.instance().add(ticket);
    if (watermarks != null) {
      watermarks.open();
    }
  }

  /** Nobody waits for watermarks in batch mode. */
  private void openWatermarks() {
    PythonStep last = spec.lastStep();
    if (last.kind == PythonStep.WATERMARKS && !spec.batchMode) {
      watermarks = new ChainWatermarks(this, last.strategy());
      writer.useWatermarks(watermarks);
    }
  }

  /** What the steps of this chain need besides their records. */
  private void openKeyed() throws Exception {
    int head = spec.steps.get(0).kind;
    for (PythonStep step : spec.steps) {
      if (step.kind == PythonStep.PROCESS
          || step.kind == PythonStep.KEYED_PROCESS
          || step.kind == PythonStep.CO_PROCESS
          || step.kind == PythonStep.WINDOW
          || step.kind == PythonStep.PYTHON_WINDOW
          || step.kind == PythonStep.BROADCAST_PROCESS) {
        boolean manual = getContainingTask() instanceof ManualTime;
        times = new TaskTimes(getProcessingTimeService(), manual);
      }
    }
    if (spec.stateKeyType() == null || getKeyedStateBackend() == null) {
      return;
    }
    OperatorKeys keys = new OperatorKeys(spec);
    KeyedStates keyedStates = new KeyedStates(this, keys, spec);
    state = keyedStates;
    if (head == PythonStep.REDUCE && !spec.batchMode) {
      keyedStates.registerReduce();
    }
    if (spec.hasTimers()) {
      timers = new Timers(this, keys, spec);
      timers.open();
      writer.useTimers(timers);
    }
  }

  /** Adds a record to the batch, in the form of the input that it came from. */
  final void add(ChainInput reader, StreamRecord<?> record) throws Exception {
    if (pendingTimers > 0) {
      flush();
    }
    if (pending == 0) {
      beginBatch();
    }
    ByteBuffer buffer = input;
    int start = buffer.position();
    try {
      reader.write(buffer, record);
    } catch (BufferOverflowException e) {
      makeRoom(out -> reader.write(out, record), start);
    }
    if (++pending >= limit || input.position() > fullAt || fresh) {
      flush();
    }
  }

  /** Writes one entry of a batch; throws BufferOverflowException when there is no room for it. */
  interface Entry {
    void write(ByteBuffer out);
  }

  /** Adds what is no record to the batch. Whether it ran: Python may have changed the key then. */
  final boolean add(Entry entry) throws Exception {
    long number = runs;
    if (pending == 0) {
      beginBatch();
    }
    int start = input.position();
    try {
      entry.write(input);
    } catch (BufferOverflowException e) {
      makeRoom(entry, start);
    }
    if (++pending >= limit || input.position() > fullAt || fresh) {
      flush();
    }
    return runs != number;
  }

  /** Whether results are being emitted: nothing can be added to a batch meanwhile. */
  final boolean isFlushing() {
    return flushing;
  }

  private void beginBatch() {
    fresh = System.nanoTime() - lastEnd > PAUSE_NANOS;
    if (!fresh) {
      ticket.open(++batchNumber);
    }
    if (times != null) {
      times.write(input);
    }
  }

  /** The record did not fit: empty the buffer, then enlarge it until the record fits alone. */
  private void makeRoom(Entry entry, int start) throws Exception {
    input.position(start);
    flush();
    while (true) {
      if (times != null) {
        input.clear();
        times.rewrite(input);
      }
      try {
        entry.write(input);
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

  /**
   * Runs what was gathered and emits what comes of it. Timers that fired meanwhile are a batch too:
   * nothing is left behind for a barrier to overtake.
   */
  final void flush() throws Exception {
    while (pending > 0 && !flushing) {
      runBatch();
    }
  }

  private void runBatch() throws Exception {
    int count = pending;
    boolean areTimers = pendingTimers > 0;
    int bytes = input.position();
    pending = 0;
    pendingTimers = 0;
    fresh = false;
    ticket.closed();
    input.clear();
    runs++;
    long began = System.nanoTime();
    long result = chain.run(bytes);
    long nanos = System.nanoTime() - began;
    if (!areTimers) {
      adapt(count, nanos);
    }
    emitAll(result);
    lastEnd = System.nanoTime();
    if (!areTimers) {
      adaptToOutput(count, lastEnd - began - nanos);
    }
    if (areTimers) {
      timers.ran(count, nanos > TARGET_NANOS);
    }
    if (state != null) {
      state.processed(count);
    }
    fireLate();
  }

  /** Fires the timers that came due while results were emitted. */
  void fireLate() throws Exception {
    if (timers != null) {
      timers.fireLate();
    }
  }

  /** Puts a timer that fires into the batch; records and timers do not share one. */
  void timerFires(int domain, long timestamp, Object key, Object window) throws Exception {
    if (flushing) {
      timers.later(domain, timestamp, key, window);
      return;
    }
    if (pending > 0 && (pendingTimers == 0 || timers.domain != domain)) {
      flush();
    }
    if (pending == 0) {
      timers.domain = domain;
      times.write(input);
      if (domain == Timers.PROCESSING_TIME) {
        // Nothing tells the end of the timers that are due.
        flushSoon();
      }
    }
    int start = input.position();
    while (true) {
      try {
        timers.write(input, domain, timestamp, key, window);
        break;
      } catch (BufferOverflowException e) {
        input.position(start);
        if (pending > 0) {
          flush();
        } else {
          useInput(chain.growInput(Math.multiplyExact(input.capacity(), 2)));
        }
        times.rewrite(input);
        start = input.position();
      }
    }
    pending++;
    pendingTimers++;
    if (pending >= timers.limit || input.position() > fullAt) {
      flush();
    }
  }

  /** Flushes when what runs now is done. */
  final void flushSoon() {
    try {
      mailbox.execute(
          () -> {
            if (chain != null && pending > 0) {
              flush();
            }
          },
          "flush timers");
    } catch (RejectedExecutionException e) {
      // The task is ending; it flushes by itself.
      return;
    }
  }

  /** Keeps a batch near the time that a record may wait for its neighbours. */
  private void adapt(int count, long nanos) {
    if (nanos > TARGET_NANOS) {
      limit = (int) Math.max(1, Math.min(limit, count * TARGET_NANOS / nanos));
    } else if (count >= limit && nanos < TARGET_NANOS / 2) {
      limit = Math.min(MAX_BATCH, limit * 2);
    }
  }

  /**
   * A batch that is emitted slowly, because what follows in the task is slow or because of
   * back-pressure, is the time that a barrier or a cancellation has to wait.
   */
  private void adaptToOutput(int count, long nanos) {
    if (nanos > SLOW_OUTPUT_NANOS) {
      limit = (int) Math.max(1, Math.min(limit, count * SLOW_OUTPUT_NANOS / nanos));
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
  public final void setKeyContextElement1(StreamRecord record) throws Exception {
    if (timers != null && spec.batchMode) {
      timers.selectKey(0, record);
    }
  }

  @Override
  @SuppressWarnings("rawtypes")
  public final void setKeyContextElement2(StreamRecord record) throws Exception {
    if (timers != null && spec.batchMode && !spec.broadcasts()) {
      timers.selectKey(1, record);
    }
  }

  /** State of the operator by key and namespace. */
  <N, S extends State> S windowState(TypeSerializer<N> namespaces, StateDescriptor<S, ?> descriptor)
      throws Exception {
    return getOrCreateKeyedState(namespaces, descriptor);
  }

  KeyedStateStore keyedStateStore() {
    return getKeyedStateStore();
  }

  /** Runs what was gathered; for those who are about to change what Python would see. */
  void flushBatch() throws Exception {
    flush();
  }

  /** Null unless the first step is on a broadcast stream. */
  BroadcastStates broadcastStates() {
    return broadcastStates;
  }

  TaskTimes times() {
    return times;
  }

  /** Timers that on_timer registers can be due at once: the watermark waits for them too. */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    flush();
    if (times != null && !spec.batchMode) {
      times.watermark(mark.getTimestamp());
    }
    if (timers == null && watermarks == null) {
      super.processWatermark(mark);
      return;
    }
    if (timers != null) {
      fireTimers(mark);
    }
    if (watermarks == null) {
      output.emitWatermark(mark);
    } else {
      watermarks.upstream(mark.getTimestamp());
    }
  }

  private void fireTimers(Watermark mark) throws Exception {
    do {
      timers.again = false;
      if (getTimeServiceManager().isPresent()) {
        getTimeServiceManager().get().advanceWatermark(mark);
      }
      flush();
    } while (timers.again);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
    if (state != null && chain != null) {
      // Here, because what fails in the snapshot itself is only a checkpoint that was declined: a
      // value that cannot be written is an error of the program, and its text has to be seen.
      writeState();
    }
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    writeState();
    super.snapshotState(context);
  }

  /** Moves the dirty entries of C's cache into Flink's backend; C applies broadcast state's. */
  public void writeState() throws Exception {
    if (state == null && broadcastStates == null) {
      return;
    }
    long result = chain.flushState();
    while (true) {
      ByteBuffer in = outputOf(result);
      in.limit((int) result).position(0);
      if (in.hasRemaining()) {
        state.apply(in);
      }
      if ((result & NativeChain.MORE) == 0) {
        return;
      }
      result = chain.flushState();
    }
  }

  /** On the way to the next operator. */
  Output<?> nextOutput() {
    return output;
  }

  /** Whether a generator at the end of the chain makes the watermarks. */
  final boolean makesWatermarks() {
    return spec.lastStep().kind == PythonStep.WATERMARKS;
  }

  /** Lets the generator at the end of the chain emit what it likes; the batch is flushed. */
  void askForWatermarks() {
    if (flushing) {
      // The records that are on their way out come first; there is a next time.
      return;
    }
    input.put((byte) (Timers.CONTROL | ChainWatermarks.WATERMARKS));
    int bytes = input.position();
    input.clear();
    emitAll(chain.run(bytes));
  }

  /** All inputs have ended. */
  final void endInputs() throws Exception {
    flush();
    emitAll(chain.endInput());
  }

  @Override
  public void finish() throws Exception {
    flush();
    if (watermarks != null) {
      watermarks.periodic();
    }
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
    if (watermarks != null) {
      watermarks.close();
    }
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
