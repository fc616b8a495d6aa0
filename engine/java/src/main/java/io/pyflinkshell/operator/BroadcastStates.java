// The broadcast states of a Python operator in Flink's operator state backend, on the heap.
// C keeps what was read and writes back what changed, so a record costs nothing here as a rule.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Python registers states when they are first asked for; each is a map, and there is no key. */
public final class BroadcastStates implements KeyedStateAccess {
  private final OperatorStateStore store;
  private final List<BoundState> states = new ArrayList<>();
  private final Map<Integer, Iterator<Map.Entry<Object, Object>>> iterators = new HashMap<>();
  private int lastIterator;

  BroadcastStates(OperatorStateStore store) {
    this.store = store;
  }

  /** Adds a state and gives its number. */
  public int register(String name, TypeInformation<?> keyType, TypeInformation<?> type)
      throws Exception {
    StateValues values = StateValues.of(type, name);
    StateValues keys = StateValues.ofKeys(keyType, name);
    try {
      states.add(
          new BoundState.OfBroadcast(
              keys,
              values,
              store.getBroadcastState(new MapStateDescriptor<>(name, keys.type, values.type))));
    } catch (Exception e) {
      throw KeyedStates.explained(name, type, e);
    }
    return states.size() - 1;
  }

  /** How C encodes the values of a state. */
  public byte[] schema(int number) {
    return states.get(number).values.schema;
  }

  /** How C encodes the keys of the map. */
  public byte[] keySchema(int number) {
    return states.get(number).keys.schema;
  }

  @Override
  public byte[] ask(int question, int number, byte[] key, byte[] argument) throws Exception {
    BoundState state = states.get(number);
    switch (question) {
      case READ_ENTRY:
        return state.readEntry(argument);
      case HAS_ENTRIES:
        return state.hasEntries() ? new byte[0] : null;
      case ITERATE:
        // Iterators that were not read to their end are of earlier records.
        if (iterators.size() >= 64) {
          iterators.clear();
        }
        iterators.put(++lastIterator, state.iterator());
        return next(state, lastIterator);
      case NEXT:
        return next(state, BoundState.little(argument).getInt());
      default:
        throw new IllegalStateException("broadcast state is read by entries");
    }
  }

  private byte[] next(BoundState state, int number) {
    Iterator<Map.Entry<Object, Object>> entries = iterators.get(number);
    if (entries == null) {
      throw new IllegalStateException("too many iterators of broadcast states at the same time");
    }
    byte[] bytes = state.nextEntries(entries, number);
    if (!entries.hasNext()) {
      iterators.remove(number);
    }
    return bytes;
  }

  @Override
  public void apply(ByteBuffer in) throws Exception {
    while (in.hasRemaining()) {
      int end = in.getInt();
      end += in.position();
      in.position(in.getInt() + in.position());
      while (in.position() < end) {
        int kind = in.get();
        BoundState state = states.get(in.getInt());
        byte[] data = new byte[in.getInt()];
        in.get(data);
        state.change(kind, data);
      }
    }
  }

  @Override
  public boolean onDisk() {
    return false;
  }

  @Override
  public int cacheSize() {
    return 0;
  }
}
