// The states of a Python operator in Flink's keyed state backend.
// A miss of C's cache costs decoding the key, setting it, and the backend's own look-up.
package io.pyflinkshell.operator;

import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.StateTtlConfig.IncrementalCleanupStrategy;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalAppendingState;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.util.StateMigrationException;

/** Python registers states while functions are opened; C reads and changes them. */
public final class KeyedStates implements KeyedStateAccess {
  static final ConfigOption<Integer> CACHE_SIZE =
      ConfigOptions.key("python.state.cache-size").intType().noDefaultValue();

  /**
   * Objects that are cached over a backend in memory: a key that gives way costs several times what
   * its record costs otherwise, and what is cached is in this process's memory anyway.
   */
  private static final int CACHED_OVER_HEAP = 1 << 20;

  private static final Pattern OLD_SERIALIZER =
      Pattern.compile("old state serializer \\(([\\w.$]+)");
  private static final Pattern OTHER_KIND =
      Pattern.compile(
          "Incompatible key/value state types. Was \\[(\\w+)\\], registered with \\[(\\w+)");

  private static final String REDUCE = "python-state";
  private static final int LIST = 2;
  private static final int MAP = 3;
  private static final int REDUCING = 4;
  private static final int AGGREGATING = 5;

  private final PythonChainOperator<?> operator;
  private final OperatorKeys keys;
  private final ChainSpec spec;
  private final List<BoundState> states = new ArrayList<>();

  /** By number: the state again when it belongs to windows, else null. */
  private final List<InternalKvState<?, Object, ?>> ofWindows = new ArrayList<>();

  private final List<String> names = new ArrayList<>();
  private final Map<Integer, Iterator<Map.Entry<Object, Object>>> iterators = new HashMap<>();
  private int lastIterator;
  private Iterator<Object> allKeys;

  /** Whether a state is cleaned up a little with each record, whether that uses state or not. */
  private boolean cleansWithRecords;

  KeyedStates(PythonChainOperator<?> operator, OperatorKeys keys, ChainSpec spec) {
    this.operator = operator;
    this.spec = spec;
    this.keys = keys;
  }

  /** The first state: that of a REDUCE, whose values are bytes. */
  void registerReduce() throws Exception {
    register(1, REDUCE, PickledBytesTypeInfo.INSTANCE, null, null);
  }

  /**
   * Adds a state and gives its number. {@code kind} is that of Python's new_state; {@code keyType}
   * belongs to maps; {@code ttl} may be null.
   */
  public int register(
      int kind,
      String name,
      TypeInformation<?> type,
      TypeInformation<?> keyType,
      StateTtlConfig ttl)
      throws Exception {
    try {
      states.add(bind(kind, name, type, keyType, ttl));
      ofWindows.add(null);
      names.add(name);
    } catch (Exception e) {
      throw explained(name, type, e);
    }
    return states.size() - 1;
  }

  /** As register, for state of a key and a window. A null type is that of the records. */
  public int registerOfWindow(
      int kind,
      String name,
      TypeInformation<?> type,
      TypeInformation<?> keyType,
      StateTtlConfig ttl)
      throws Exception {
    TypeInformation<?> declared = type == null ? spec.inputs.get(0).type : type;
    try {
      BoundState state = bindOfWindow(kind, name, declared, keyType, ttl);
      states.add(state);
      ofWindows.add(namespaced(state));
      names.add(name);
    } catch (Exception e) {
      throw explained(name, declared, e);
    }
    return states.size() - 1;
  }

  @SuppressWarnings("unchecked")
  private static InternalKvState<?, Object, ?> namespaced(BoundState state) {
    return (InternalKvState<?, Object, ?>) state.state();
  }

  private BoundState bindOfWindow(
      int kind,
      String name,
      TypeInformation<?> type,
      TypeInformation<?> keyType,
      StateTtlConfig ttl)
      throws Exception {
    StateValues values = StateValues.of(type, name);
    switch (kind) {
      case LIST:
        return new BoundState.OfList(values, ofWindow(list(values, name), ttl));
      case MAP:
        StateValues mapKeys = StateValues.ofKeys(keyType, name);
        return new BoundState.OfMap(mapKeys, values, ofWindow(map(mapKeys, values, name), ttl));
      case REDUCING:
        return accumulator(values, ofWindow(reducing(values, name), ttl));
      case AGGREGATING:
        return accumulator(values, ofWindow(aggregating(values, name), ttl));
      default:
        return new BoundState.OfValue(values, ofWindow(value(values, name), ttl));
    }
  }

  private <S extends State> S ofWindow(StateDescriptor<S, ?> descriptor, StateTtlConfig ttl)
      throws Exception {
    return operator.windowState(spec.windows().bytes.serializer(), timed(descriptor, ttl));
  }

  private static ListStateDescriptor<Object> list(StateValues values, String name) {
    return new ListStateDescriptor<>(name, values.type);
  }

  private static MapStateDescriptor<Object, Object> map(
      StateValues mapKeys, StateValues values, String name) {
    return new MapStateDescriptor<>(name, mapKeys.type, values.type);
  }

  private static ReducingStateDescriptor<Object> reducing(StateValues values, String name) {
    return new ReducingStateDescriptor<>(name, (a, b) -> inPython(), values.type);
  }

  private static AggregatingStateDescriptor<Object, Object, Object> aggregating(
      StateValues values, String name) {
    return new AggregatingStateDescriptor<>(name, new PythonAggregate(), values.type);
  }

  private static ValueStateDescriptor<Object> value(StateValues values, String name) {
    return new ValueStateDescriptor<>(name, values.type);
  }

  /** Makes the key, and for state of windows the window, the current one. */
  private void select(int number, byte[] key) {
    InternalKvState<?, Object, ?> ofWindow = ofWindows.get(number);
    if (ofWindow == null) {
      operator.setCurrentKey(keys.decode(key));
      return;
    }
    operator.setCurrentKey(keys.decodeBeforeWindow(key));
    ofWindow.setCurrentNamespace(OperatorKeys.decodeWindow(key, spec.windows().bytes));
  }

  /** How C encodes the values of a state. */
  public byte[] schema(int number) {
    return states.get(number).values.schema;
  }

  /** How C encodes the keys of a map state; null for other states. */
  public byte[] keySchema(int number) {
    StateValues mapKeys = states.get(number).keys;
    return mapKeys == null ? null : mapKeys.schema;
  }

  private BoundState bind(
      int kind,
      String name,
      TypeInformation<?> type,
      TypeInformation<?> keyType,
      StateTtlConfig ttl)
      throws Exception {
    StateValues values = StateValues.of(type, name);
    KeyedStateStore store = operator.keyedStateStore();
    switch (kind) {
      case LIST:
        return new BoundState.OfList(values, store.getListState(timed(list(values, name), ttl)));
      case MAP:
        StateValues mapKeys = StateValues.ofKeys(keyType, name);
        return new BoundState.OfMap(
            mapKeys, values, store.getMapState(timed(map(mapKeys, values, name), ttl)));
      case REDUCING:
        return accumulator(values, store.getReducingState(timed(reducing(values, name), ttl)));
      case AGGREGATING:
        return accumulator(
            values, store.getAggregatingState(timed(aggregating(values, name), ttl)));
      default:
        return new BoundState.OfValue(values, store.getState(timed(value(values, name), ttl)));
    }
  }

  @SuppressWarnings("unchecked")
  private static BoundState accumulator(StateValues values, Object state) {
    return new BoundState.OfAccumulator(values, (InternalAppendingState<?, ?, ?, Object, ?>) state);
  }

  private <D extends StateDescriptor<?, ?>> D timed(D descriptor, StateTtlConfig ttl) {
    if (ttl != null) {
      descriptor.enableTimeToLive(ttl);
      IncrementalCleanupStrategy cleanup =
          ttl.getCleanupStrategies().getIncrementalCleanupStrategy();
      cleansWithRecords |= cleanup != null && cleanup.runCleanupForEveryRecord();
    }
    return descriptor;
  }

  /**
   * Flink cleans up when the key of a record is made the current one, which happens here only when
   * the backend is asked.
   */
  @Override
  public void processed(int count) {
    if (!cleansWithRecords) {
      return;
    }
    KeyedStateBackend<Object> backend = operator.getKeyedStateBackend();
    Object key = backend.getCurrentKey();
    for (int i = 0; key != null && i < count; i++) {
      backend.setCurrentKey(key);
    }
  }

  /** No restart cures a state that was stored with another type or as another kind of state. */
  static Exception explained(String name, TypeInformation<?> type, Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      Matcher kinds = OTHER_KIND.matcher(text);
      if (kinds.find()) {
        return incompatible(
            name,
            "is stored as a state of kind " + kinds.group(1) + ", and the program now opens it as ",
            kinds.group(2),
            e);
      }
      if (cause instanceof StateMigrationException) {
        Matcher old = OLD_SERIALIZER.matcher(text);
        String stored = old.find() ? nameOf(old.group(1)) : "another type";
        return incompatible(
            name, "is stored with the type " + stored + ", and the program now declares ", type, e);
      }
    }
    return e;
  }

  private static Exception incompatible(String name, String what, Object now, Exception cause) {
    String text =
        "state '"
            + name
            + "' "
            + what
            + now
            + ": declare it as it was, or give the state another name";
    return new IncompatibleStateException(text, cause);
  }

  /** "org.apache.LongSerializer" is Long. */
  private static String nameOf(String serializer) {
    String simple = serializer.substring(serializer.lastIndexOf('.') + 1);
    return simple.substring(simple.lastIndexOf('$') + 1).replaceFirst("Serializer$", "");
  }

  private static Object inPython() {
    throw new UnsupportedOperationException("values of this state are combined in Python");
  }

  /** The state is merged nowhere: windows that merge have states of their own. */
  private static final class PythonAggregate implements AggregateFunction<Object, Object, Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public Object createAccumulator() {
      return inPython();
    }

    @Override
    public Object add(Object value, Object accumulator) {
      return inPython();
    }

    @Override
    public Object getResult(Object accumulator) {
      return inPython();
    }

    @Override
    public Object merge(Object a, Object b) {
      return inPython();
    }
  }

  @Override
  public byte[] ask(int question, int number, byte[] key, byte[] argument) throws Exception {
    BoundState state = states.get(number);
    if (question == NEXT) {
      return next(state, BoundState.little(argument).getInt());
    }
    if (question == KEYS) {
      return nextKeys(number, argument == null);
    }
    select(number, key);
    switch (question) {
      case READ:
        return state.read();
      case READ_ENTRY:
        return state.readEntry(argument);
      case HAS_ENTRIES:
        return state.hasEntries() ? new byte[0] : null;
      default:
        // Iterators that were not read to their end are of earlier records.
        if (iterators.size() >= 64) {
          iterators.clear();
        }
        iterators.put(++lastIterator, state.iterator());
        return next(state, lastIterator);
    }
  }

  private byte[] next(BoundState state, int number) {
    Iterator<Map.Entry<Object, Object>> entries = iterators.get(number);
    if (entries == null) {
      throw new IllegalStateException("too many iterators of map states at the same time");
    }
    byte[] bytes = state.nextEntries(entries, number);
    if (!entries.hasNext()) {
      iterators.remove(number);
    }
    return bytes;
  }

  /** The next of all keys that have something in a state. Flink, too, lists them first. */
  private byte[] nextKeys(int number, boolean begin) {
    if (begin) {
      KeyedStateBackend<Object> backend = operator.getKeyedStateBackend();
      try (Stream<Object> all = backend.getKeys(names.get(number), VoidNamespace.INSTANCE)) {
        allKeys = all.collect(Collectors.toList()).iterator();
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 500 && out.size() < 65_536 && allKeys.hasNext(); i++) {
      byte[] bytes = keys.encode(allKeys.next());
      out.write(bytes, 0, bytes.length);
    }
    return out.toByteArray();
  }

  @Override
  public void apply(ByteBuffer in) throws Exception {
    while (in.hasRemaining()) {
      int end = in.getInt();
      end += in.position();
      byte[] key = new byte[in.getInt()];
      in.get(key);
      while (in.position() < end) {
        int kind = in.get();
        int number = in.getInt();
        select(number, key);
        BoundState state = states.get(number);
        byte[] data = new byte[in.getInt()];
        in.get(data);
        state.change(kind, data);
      }
    }
  }

  @Override
  public boolean onDisk() {
    return !(operator.getKeyedStateBackend() instanceof HeapKeyedStateBackend);
  }

  @Override
  public int cacheSize() {
    Configuration job = operator.getContainingTask().getJobConfiguration();
    return Math.max(0, job.getOptional(CACHE_SIZE).orElse(onDisk() ? 0 : CACHED_OVER_HEAP));
  }
}
