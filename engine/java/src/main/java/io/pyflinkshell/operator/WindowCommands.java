// What Flink's window operator takes for the state that windows hold: it tells Python what to do.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.internal.InternalMergingState;
import org.apache.flink.streaming.api.windowing.windows.Window;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** The commands are those of runtime_window.h. Belongs to one task thread. */
final class WindowCommands implements InternalMergingState<Object, Window, Object, Object, Object> {
  private static final int HEAD = 0x80 | 0x20;
  private static final int ADD = HEAD | 1;
  private static final int AGAIN = HEAD | 2;
  private static final int FIRE = HEAD | 3;
  private static final int CLEAR = HEAD | 4;
  private static final int END = HEAD | 5;
  private static final int MERGE = HEAD | 6;
  private static final int LATE = HEAD | 7;

  /** What get gives: Python knows whether there is something. */
  private static final Object CONTENTS = new Object();

  private final PythonChainOperator<?> operator;
  private final ChainInput reader;
  private final OperatorKeys keys;
  private final WindowBytes windows;

  /** The entries of the batch are made once: they write what the fields hold. */
  private final PythonChainOperator.Entry add = this::writeAdd;

  private final PythonChainOperator.Entry again = out -> writeWindow(out, AGAIN);
  private final PythonChainOperator.Entry late = this::writeLate;

  private Window window;
  private StreamRecord<Object> record;
  private Object key;
  private boolean added;
  private boolean hasTimestamp;
  private long timestamp;

  WindowCommands(
      PythonChainOperator<?> operator, ChainInput reader, OperatorKeys keys, WindowBytes windows) {
    this.operator = operator;
    this.reader = reader;
    this.keys = keys;
    this.windows = windows;
  }

  /** What follows is because of a record. */
  void begin(StreamRecord<Object> newRecord, Object newKey) {
    record = newRecord;
    key = newKey;
    added = false;
    hasTimestamp = newRecord.hasTimestamp();
    timestamp = hasTimestamp ? newRecord.getTimestamp() : 0;
  }

  /** What follows is because of a timer. */
  void begin(long timerTimestamp, Object newKey) {
    key = newKey;
    hasTimestamp = true;
    timestamp = timerTimestamp;
  }

  /** Flink's operator goes on with the key that it was at. */
  private void send(PythonChainOperator.Entry entry) throws Exception {
    if (operator.add(entry)) {
      operator.setCurrentKey(key);
    }
  }

  private void writeWindow(ByteBuffer out, int command) {
    out.put((byte) command);
    write(out, window);
  }

  private void write(ByteBuffer out, Object any) {
    int start = out.position();
    out.put((byte) 0);
    windows.write(out, any);
    out.put(start, (byte) (out.position() - start - 1));
  }

  private void writeAdd(ByteBuffer out) {
    writeWindow(out, ADD);
    reader.write(out, record);
  }

  private void writeLate(ByteBuffer out) {
    out.put((byte) LATE);
    reader.write(out, record);
  }

  @Override
  public void setCurrentNamespace(Window newWindow) {
    window = newWindow;
  }

  /** The record that is being processed; it is sent once and named after that. */
  @Override
  public void add(Object value) throws Exception {
    send(added ? again : add);
    added = true;
  }

  void lateRecord() throws Exception {
    send(late);
  }

  @Override
  public Object get() {
    return CONTENTS;
  }

  /** The results of the current window's contents are those of {@code fired}. */
  void fire(Window fired) throws Exception {
    send(
        out -> {
          writeWindow(out, FIRE);
          write(out, fired);
          out.put((byte) (hasTimestamp ? 1 : 0));
          out.putLong(timestamp);
          keys.write(out, key);
        });
  }

  @Override
  public void clear() {
    try {
      send(
          out -> {
            writeWindow(out, CLEAR);
            keys.write(out, key);
          });
    } catch (Exception e) {
      throw unchecked(e);
    }
  }

  /** The window ends for its function. */
  void end(Window ended) throws Exception {
    send(
        out -> {
          out.put((byte) END);
          write(out, ended);
          keys.write(out, key);
        });
  }

  @Override
  public void mergeNamespaces(Window target, Collection<Window> sources) throws Exception {
    List<Window> others = new ArrayList<>(sources);
    if (others.isEmpty()) {
      return;
    }
    send(
        out -> {
          out.put((byte) MERGE);
          write(out, target);
          keys.write(out, key);
          out.putInt(others.size());
          for (Window other : others) {
            write(out, other);
          }
        });
  }

  /** Flink's clear declares no exception. */
  @SuppressWarnings("unchecked")
  static <E extends Throwable> RuntimeException unchecked(Throwable e) throws E {
    throw (E) e;
  }

  private static UnsupportedOperationException inPython() {
    return new UnsupportedOperationException("what windows hold is in Python");
  }

  @Override
  public Object getInternal() {
    throw inPython();
  }

  @Override
  public void updateInternal(Object value) {
    throw inPython();
  }

  @Override
  public TypeSerializer<Object> getKeySerializer() {
    throw inPython();
  }

  @Override
  public TypeSerializer<Window> getNamespaceSerializer() {
    throw inPython();
  }

  @Override
  public TypeSerializer<Object> getValueSerializer() {
    throw inPython();
  }

  @Override
  public byte[] getSerializedValue(
      byte[] keyAndNamespace,
      TypeSerializer<Object> keySerializer,
      TypeSerializer<Window> namespaceSerializer,
      TypeSerializer<Object> valueSerializer) {
    throw inPython();
  }

  @Override
  public StateIncrementalVisitor<Object, Window, Object> getStateIncrementalVisitor(int count) {
    throw inPython();
  }
}
