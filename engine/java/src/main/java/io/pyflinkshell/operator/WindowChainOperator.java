// Windows on a keyed stream: Flink's window operator decides, the first step of the chain keeps
// what
// the windows hold.
// A record costs what Flink's own operator costs without its state, and the record's encoding as a
// command; nothing is read back. Timers that fire cost the encoding of their key and window.
package io.pyflinkshell.operator;

import java.util.ArrayDeque;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.api.windowing.windows.Window;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Every access of Flink's operator to a window's contents becomes a command in the batch. */
final class WindowChainOperator<IN, OUT> extends OneInputChainOperator<IN, OUT> {
  private static final long serialVersionUID = 1L;

  private transient KeySelector<Object, Object> keySelector;
  private transient FlinkWindows flink;
  private transient WindowCommands commands;
  private transient Object batchKey;

  /** Timers that came due while results were emitted. */
  private final transient ArrayDeque<LateTimer> late = new ArrayDeque<>();

  private static final class LateTimer {
    final InternalTimer<Object, Window> timer;
    final boolean eventTime;

    LateTimer(InternalTimer<Object, Window> timer, boolean eventTime) {
      this.timer = timer;
      this.eventTime = eventTime;
    }
  }

  WindowChainOperator(
      StreamOperatorParameters<OUT> parameters, ChainSpec spec, ChainCalls.Opener opener) {
    super(parameters, spec, opener);
  }

  @Override
  public void open() throws Exception {
    super.open();
    keySelector = spec.inputs.get(0).keySelector();
    commands = new WindowCommands(this, reader, new OperatorKeys(spec), spec.windows().bytes);
    flink = new FlinkWindows(this, spec, keySelector, commands);
    flink.attach(stateHandler, metrics);
    flink.open();
  }

  @Override
  @SuppressWarnings("unchecked")
  public void processElement(StreamRecord<IN> record) throws Exception {
    Object key = keySelector.getKey(record.getValue());
    select(key);
    commands.begin((StreamRecord<Object>) record, key);
    flink.processElement((StreamRecord<Object>) record);
  }

  /** In batch mode Flink forgets the state of a key when the next one comes. */
  private void select(Object key) throws Exception {
    if (spec.batchMode && !key.equals(batchKey)) {
      flush();
      batchKey = key;
    }
    setCurrentKey(key);
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    flush();
    if (!spec.batchMode) {
      times().watermark(mark.getTimestamp());
    }
    if (getTimeServiceManager().isPresent()) {
      getTimeServiceManager().get().advanceWatermark(mark);
    }
    flush();
    output.emitWatermark(mark);
  }

  /** A timer of Flink's operator is due. */
  void fire(InternalTimer<Object, Window> timer, boolean eventTime) throws Exception {
    if (isFlushing()) {
      late.add(new LateTimer(timer, eventTime));
      return;
    }
    commands.begin(timer.getTimestamp(), timer.getKey());
    if (!eventTime) {
      flink.runProcessingTime(timer);
      // Nothing tells the end of the timers that are due.
      flushSoon();
    } else if (spec.batchMode) {
      // The watermark is at its end for these timers and for nothing else.
      times().watermark(Long.MAX_VALUE);
      flink.runEventTime(timer);
      flush();
      times().watermark(Long.MIN_VALUE);
    } else {
      flink.runEventTime(timer);
    }
  }

  @Override
  void fireLate() throws Exception {
    while (!late.isEmpty() && !isFlushing()) {
      LateTimer next = late.poll();
      setCurrentKey(next.timer.getKey());
      fire(next.timer, next.eventTime);
    }
  }
}
