// One state of a Python operator, bound to Flink's.
package io.pyflinkshell.operator;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.internal.InternalAppendingState;

/** Reads and changes what the backend's current key has. The kinds of change: runtime_state.h. */
abstract class BoundState {
  static final int CLEAR = 1;
  static final int WRITE = 2;
  static final int APPEND = 3;
  static final int PUT = 4;

  final StateValues values;

  /** Of a map's keys, else null. */
  final StateValues keys;

  private BoundState(StateValues values, StateValues keys) {
    this.values = values;
    this.keys = keys;
  }

  abstract State state();

  /** The value or the elements; null: there is none. */
  abstract byte[] read() throws Exception;

  abstract void change(int kind, byte[] data) throws Exception;

  byte[] readEntry(byte[] key) throws Exception {
    throw new IllegalStateException("no map");
  }

  Iterator<Map.Entry<Object, Object>> iterator() throws Exception {
    throw new IllegalStateException("no map");
  }

  boolean hasEntries() throws Exception {
    throw new IllegalStateException("no map");
  }

  /** Entries of an iterator as bytes, some hundreds at a time. */
  final byte[] nextEntries(Iterator<Map.Entry<Object, Object>> entries, int number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int32(out, 0);
    for (int i = 0; i < 500 && out.size() < 65_536 && entries.hasNext(); i++) {
      Map.Entry<Object, Object> entry = entries.next();
      byte[] key = keys.encode(entry.getKey());
      byte[] value = values.encode(entry.getValue());
      int32(out, key.length);
      int32(out, value.length);
      out.write(key, 0, key.length);
      out.write(value, 0, value.length);
    }
    byte[] bytes = out.toByteArray();
    if (entries.hasNext()) {
      little(bytes).putInt(0, number);
    }
    return bytes;
  }

  private static void int32(ByteArrayOutputStream out, int value) {
    out.write(value);
    out.write(value >> 8);
    out.write(value >> 16);
    out.write(value >> 24);
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static final class OfValue extends BoundState {
    private final ValueState<Object> state;

    OfValue(StateValues values, ValueState<Object> state) {
      super(values, null);
      this.state = state;
    }

    @Override
    State state() {
      return state;
    }

    @Override
    byte[] read() throws Exception {
      Object value = state.value();
      return value == null ? null : values.encode(value);
    }

    @Override
    void change(int kind, byte[] data) throws Exception {
      if (kind == CLEAR) {
        state.clear();
      } else {
        state.update(values.decode(data, 0, data.length));
      }
    }
  }

  /** Reducing and aggregating states: Python combines, Flink stores what comes of it. */
  static final class OfAccumulator extends BoundState {
    private final InternalAppendingState<?, ?, ?, Object, ?> state;

    OfAccumulator(StateValues values, InternalAppendingState<?, ?, ?, Object, ?> state) {
      super(values, null);
      this.state = state;
    }

    @Override
    State state() {
      return state;
    }

    @Override
    byte[] read() throws Exception {
      Object value = state.getInternal();
      return value == null ? null : values.encode(value);
    }

    @Override
    void change(int kind, byte[] data) throws Exception {
      if (kind == CLEAR) {
        state.clear();
      } else {
        state.updateInternal(values.decode(data, 0, data.length));
      }
    }
  }

  static final class OfList extends BoundState {
    private final ListState<Object> state;

    OfList(StateValues values, ListState<Object> state) {
      super(values, null);
      this.state = state;
    }

    @Override
    State state() {
      return state;
    }

    @Override
    byte[] read() throws Exception {
      Iterable<Object> elements = state.get();
      if (elements == null) {
        return null;
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (Object element : elements) {
        byte[] bytes = values.encode(element);
        int32(out, bytes.length);
        out.write(bytes, 0, bytes.length);
      }
      return out.size() == 0 ? null : out.toByteArray();
    }

    @Override
    void change(int kind, byte[] data) throws Exception {
      if (kind == CLEAR) {
        state.clear();
        return;
      }
      ByteBuffer in = little(data);
      List<Object> elements = new ArrayList<>();
      while (in.hasRemaining()) {
        int length = in.getInt();
        elements.add(values.decode(data, in.position(), length));
        in.position(in.position() + length);
      }
      state.addAll(elements);
    }
  }

  /** The part of a map state and a broadcast state that they have in common. */
  private abstract static class OfEntries extends BoundState {
    private static final int REMOVED = -1;

    OfEntries(StateValues keys, StateValues values) {
      super(values, keys);
    }

    abstract void clear();

    abstract void put(Object key, Object value) throws Exception;

    abstract void remove(Object key) throws Exception;

    @Override
    final byte[] read() {
      throw new IllegalStateException("a map is read by entries");
    }

    @Override
    final void change(int kind, byte[] data) throws Exception {
      if (kind == CLEAR) {
        clear();
        return;
      }
      ByteBuffer in = little(data);
      while (in.hasRemaining()) {
        int keyLength = in.getInt();
        int valueLength = in.getInt();
        Object key = keys.decode(data, in.position(), keyLength);
        in.position(in.position() + keyLength);
        if (valueLength == REMOVED) {
          remove(key);
        } else {
          put(key, values.decode(data, in.position(), valueLength));
          in.position(in.position() + valueLength);
        }
      }
    }
  }

  static final class OfMap extends OfEntries {
    private final MapState<Object, Object> state;

    OfMap(StateValues keys, StateValues values, MapState<Object, Object> state) {
      super(keys, values);
      this.state = state;
    }

    @Override
    State state() {
      return state;
    }

    @Override
    byte[] readEntry(byte[] key) throws Exception {
      Object value = state.get(keys.decode(key, 0, key.length));
      return value == null ? null : values.encode(value);
    }

    @Override
    Iterator<Map.Entry<Object, Object>> iterator() throws Exception {
      return state.iterator();
    }

    @Override
    boolean hasEntries() throws Exception {
      return !state.isEmpty();
    }

    @Override
    void clear() {
      state.clear();
    }

    @Override
    void put(Object key, Object value) throws Exception {
      state.put(key, value);
    }

    @Override
    void remove(Object key) throws Exception {
      state.remove(key);
    }
  }

  /** A map that belongs to the instance, not to a key. */
  static final class OfBroadcast extends OfEntries {
    private final BroadcastState<Object, Object> state;

    OfBroadcast(StateValues keys, StateValues values, BroadcastState<Object, Object> state) {
      super(keys, values);
      this.state = state;
    }

    @Override
    State state() {
      return state;
    }

    @Override
    byte[] readEntry(byte[] key) throws Exception {
      Object value = state.get(keys.decode(key, 0, key.length));
      return value == null ? null : values.encode(value);
    }

    @Override
    Iterator<Map.Entry<Object, Object>> iterator() throws Exception {
      return state.iterator();
    }

    @Override
    boolean hasEntries() throws Exception {
      return state.iterator().hasNext();
    }

    @Override
    void clear() {
      state.clear();
    }

    @Override
    void put(Object key, Object value) throws Exception {
      state.put(key, value);
    }

    @Override
    void remove(Object key) throws Exception {
      state.remove(key);
    }
  }
}
