// Prints the keyed state of a savepoint of savepoint_program.py, with Flink's classes only.
// usage: ReadSavepoint SAVEPOINT (hashmap|rocksdb)

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

public final class ReadSavepoint {
  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(2);
    StateBackend backend =
        args[1].equals("rocksdb") ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    SavepointReader savepoint = SavepointReader.read(env, args[0], backend);
    show(savepoint, "string", new Reader<String>(), Types.STRING);
    show(savepoint, "long", new Reader<Long>(), Types.LONG);
    show(savepoint, "pair", new Reader<Tuple2<String, Long>>(), pair(Types.STRING, Types.LONG));
  }

  private static <A, B> TypeInformation<Tuple2<A, B>> pair(
      TypeInformation<A> first, TypeInformation<B> second) {
    return Types.TUPLE(first, second);
  }

  private static <K> void show(
      SavepointReader savepoint, String uid, Reader<K> reader, TypeInformation<K> key)
      throws Exception {
    List<String> lines = new ArrayList<>();
    try (CloseableIterator<String> all =
        savepoint
            .readKeyedState(OperatorIdentifier.forUid(uid), reader, key, Types.STRING)
            .executeAndCollect()) {
      all.forEachRemaining(lines::add);
    }
    lines.stream().sorted().forEach(line -> System.out.println(uid + " " + line));
  }

  /** One line for each key. */
  public static final class Reader<K> extends KeyedStateReaderFunction<K, String> {
    private static final long serialVersionUID = 1L;

    private transient ValueState<Long> count;
    private transient ValueState<Row> row;
    private transient ListState<Long> list;
    private transient MapState<String, Long> map;
    private transient ReducingState<Long> max;
    private transient AggregatingState<Long, Double> mean;

    @Override
    public void open(Configuration parameters) {
      count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
      TypeInformation<Row> named =
          Types.ROW_NAMED(new String[] {"name", "value"}, Types.STRING, Types.DOUBLE);
      row = getRuntimeContext().getState(new ValueStateDescriptor<>("row", named));
      list = getRuntimeContext().getListState(new ListStateDescriptor<>("list", Types.LONG));
      map =
          getRuntimeContext()
              .getMapState(new MapStateDescriptor<>("map", Types.STRING, Types.LONG));
      max =
          getRuntimeContext()
              .getReducingState(new ReducingStateDescriptor<>("max", Math::max, Types.LONG));
      mean =
          getRuntimeContext()
              .getAggregatingState(
                  new AggregatingStateDescriptor<>(
                      "mean", new Mean(), pair(Types.LONG, Types.LONG)));
    }

    @Override
    public void readKey(K key, Context context, Collector<String> out) throws Exception {
      Map<String, Long> entries = new TreeMap<>();
      for (Map.Entry<String, Long> entry : map.entries()) {
        entries.put(entry.getKey(), entry.getValue());
      }
      List<Long> elements = new ArrayList<>();
      list.get().forEach(elements::add);
      out.collect(
          key + " " + count.value() + " " + row.value() + " " + elements + " " + entries + " "
              + max.get() + " " + mean.get() + " " + new TreeSet<>(context.registeredEventTimeTimers()));
    }
  }

  private static final class Mean implements AggregateFunction<Long, Tuple2<Long, Long>, Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Tuple2<Long, Long> createAccumulator() {
      return Tuple2.of(0L, 0L);
    }

    @Override
    public Tuple2<Long, Long> add(Long value, Tuple2<Long, Long> sum) {
      return Tuple2.of(sum.f0 + value, sum.f1 + 1);
    }

    @Override
    public Double getResult(Tuple2<Long, Long> sum) {
      return (double) sum.f0 / sum.f1;
    }

    @Override
    public Tuple2<Long, Long> merge(Tuple2<Long, Long> a, Tuple2<Long, Long> b) {
      return Tuple2.of(a.f0 + b.f0, a.f1 + b.f1);
    }
  }
}
