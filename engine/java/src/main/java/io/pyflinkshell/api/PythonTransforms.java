// The transformations that the Python API adds to a program.
package io.pyflinkshell.api;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.graph.ChosenPartition;
import io.pyflinkshell.graph.RowKeySelector;
import io.pyflinkshell.operator.ChainSpec;
import io.pyflinkshell.operator.InputSpec;
import io.pyflinkshell.operator.IntervalSpec;
import io.pyflinkshell.operator.PythonAsyncOperatorFactory;
import io.pyflinkshell.operator.PythonChainOperatorFactory;
import io.pyflinkshell.operator.PythonStep;
import io.pyflinkshell.operator.PythonWatermarks;
import io.pyflinkshell.operator.TwoInputChainOperatorFactory;
import io.pyflinkshell.operator.WindowSpec;
import io.pyflinkshell.types.EncodedKeyTypeInfo;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.util.Collections;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.PartitionTransformation;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;
import org.apache.flink.types.Row;
import org.apache.flink.util.OutputTag;

/** Called through the bridge. A null type means that the program did not declare one. */
public final class PythonTransforms {
  /** Name of the node that key_by adds, as the peer's plans show it. */
  public static final String KEY_BY_NAME = "_stream_key_by_map_operator";

  /** Name of the node that partition_custom adds, as the peer's plans show it. */
  public static final String PARTITION_NAME = "_partition_custom_map_operator";

  /** Name of the node that drops the key, or the number of the partition. */
  public static final String VALUES_NAME = "_keyed_stream_values_operator";

  /** The name of Flink's own node for watermarks. */
  private static final String WATERMARKS_NAME = "Timestamps/Watermarks";

  /** The name of Flink's own node for asynchronous functions. */
  private static final String ASYNC_NAME = "async wait operator";

  private static final String SIDE_OUTPUT_NAME = "Map";
  private static final String COLLECTION_NAME = "Collection Source";
  private static final String COLLECT_NAME = "Collect Sink";

  private PythonTransforms() {}

  /** A step on a stream without key. */
  public static SingleOutputStreamOperator<?> oneInput(
      DataStream<?> in, int kind, String name, byte[] payload, TypeInformation<?> outType) {
    TypeInformation<?> inType = readable(in.getType(), name);
    PythonStep step = new PythonStep(kind, name, payload, orPickled(outType));
    return transform(in, new ChainSpec(Collections.singletonList(step), inType, null, null));
  }

  /** Key and value of each record in a node of their own, then the hash edge. */
  public static KeyedStream<?, ?> keyBy(
      DataStream<?> in, byte[] payload, TypeInformation<?> keyType) {
    boolean pickled = orPickled(keyType) instanceof PickledBytesTypeInfo;
    return new KeyedStream<>(
        withKeys(in, payload, keyType), new RowKeySelector(pickled), flinkKey(keyType));
  }

  /** The same without an exchange: the records are already where the hash edge would send them. */
  public static KeyedStream<?, ?> reinterpretAsKeyed(
      DataStream<?> in, byte[] payload, TypeInformation<?> keyType) {
    boolean pickled = orPickled(keyType) instanceof PickledBytesTypeInfo;
    return DataStreamUtils.reinterpretAsKeyedStream(
        withKeys(in, payload, keyType), new RowKeySelector(pickled), flinkKey(keyType));
  }

  @SuppressWarnings("unchecked")
  private static TypeInformation<Object> flinkKey(TypeInformation<?> keyType) {
    TypeInformation<?> key = orPickled(keyType);
    return (TypeInformation<Object>)
        (key instanceof PickledBytesTypeInfo ? EncodedKeyTypeInfo.INSTANCE : key);
  }

  private static DataStream<Row> withKeys(
      DataStream<?> in, byte[] payload, TypeInformation<?> keyType) {
    TypeInformation<?> inType = readable(in.getType(), KEY_BY_NAME);
    TypeInformation<?> key = orPickled(keyType);
    PythonStep step = new PythonStep(PythonStep.KEY_BY, KEY_BY_NAME, payload, inType);
    ChainSpec spec = new ChainSpec(Collections.singletonList(step), inType, null, key);
    @SuppressWarnings("unchecked")
    SingleOutputStreamOperator<Row> rows = (SingleOutputStreamOperator<Row>) transform(in, spec);
    rows.setParallelism(in.getTransformation().getParallelism());
    return rows;
  }

  /**
   * The number of the partition in front of each record in a node of its own, an edge that follows
   * it, and the records again. The payload holds the partitioner and the key selector.
   */
  public static SingleOutputStreamOperator<?> partitionCustom(DataStream<?> in, byte[] payload) {
    TypeInformation<?> inType = readable(in.getType(), PARTITION_NAME);
    PythonStep choose = new PythonStep(PythonStep.PARTITION, PARTITION_NAME, payload, inType);
    ChainSpec spec = new ChainSpec(Collections.singletonList(choose), inType, null, Types.INT);
    @SuppressWarnings("unchecked")
    SingleOutputStreamOperator<Row> rows = (SingleOutputStreamOperator<Row>) transform(in, spec);
    rows.setParallelism(in.getTransformation().getParallelism());
    DataStream<Row> partitioned =
        new DataStream<>(
            in.getExecutionEnvironment(),
            new PartitionTransformation<>(rows.getTransformation(), ChosenPartition.ofRows()));
    PythonStep values = new PythonStep(PythonStep.VALUES, VALUES_NAME, new byte[0], inType);
    return transform(
        partitioned, new ChainSpec(Collections.singletonList(values), inType, Types.INT, null));
  }

  /**
   * Watermarks by a generator in Python.
   *
   * @param strategy what stands around it, from {@link PythonWatermarks#strategy}
   */
  public static SingleOutputStreamOperator<?> watermarks(
      DataStream<?> in, byte[] payload, WatermarkStrategy<Object> strategy) {
    TypeInformation<?> type = readable(in.getType(), WATERMARKS_NAME);
    PythonStep step =
        new PythonStep(PythonStep.WATERMARKS, WATERMARKS_NAME, payload, type)
            .withStrategy(strategy);
    return transform(in, new ChainSpec(Collections.singletonList(step), type, null, null));
  }

  /** Flink's operator for asynchronous functions, with one in Python. */
  public static SingleOutputStreamOperator<?> asyncWait(
      DataStream<?> in,
      byte[] payload,
      TypeInformation<?> outType,
      long timeoutMillis,
      int capacity,
      boolean ordered) {
    TypeInformation<?> inType = readable(in.getType(), ASYNC_NAME);
    @SuppressWarnings("unchecked")
    TypeInformation<Object> out = (TypeInformation<Object>) orPickled(outType);
    return typed(in)
        .transform(
            ASYNC_NAME,
            out,
            new PythonAsyncOperatorFactory(
                ASYNC_NAME, payload, inType, out, timeoutMillis, capacity, ordered));
  }

  /** Combines all records of a stream; one subtask for good. */
  public static SingleOutputStreamOperator<?> reduceAll(
      DataStream<?> in, String name, byte[] payload) {
    return oneInput(in, PythonStep.REDUCE, name, payload, in.getType()).forceNonParallel();
  }

  /** What an operator tagged, behind a node of its own as in the peer's plans. */
  public static SingleOutputStreamOperator<?> sideOutput(DataStream<?> in, OutputTag<?> tag) {
    if (!(in instanceof SingleOutputStreamOperator)) {
      throw new IllegalArgumentException(
          "side output '"
              + tag.getId()
              + "': this stream is not the result of one operator (but of union(), rebalance() or"
              + " the like); call get_side_output() on the result of the operator that tags");
    }
    DataStream<?> side = ((SingleOutputStreamOperator<?>) in).getSideOutput(tag);
    return oneInput(side, PythonStep.VALUES, SIDE_OUTPUT_NAME, new byte[0], tag.getTypeInfo());
  }

  /** A step on a keyed stream; it sees values, and state by key where the kind has state. */
  public static SingleOutputStreamOperator<?> keyed(
      KeyedStream<?, ?> in, int kind, String name, byte[] payload, TypeInformation<?> outType) {
    RowTypeInfo type = (RowTypeInfo) in.getType();
    PythonStep step = new PythonStep(kind, name, payload, orPickled(outType));
    return transform(
        in,
        new ChainSpec(Collections.singletonList(step), type.getTypeAt(1), type.getTypeAt(0), null));
  }

  /** A step on a keyed stream that keeps windows. */
  public static SingleOutputStreamOperator<?> windowed(
      KeyedStream<?, ?> in,
      int kind,
      String name,
      byte[] payload,
      TypeInformation<?> outType,
      WindowSpec windows) {
    RowTypeInfo type = (RowTypeInfo) in.getType();
    PythonStep step = new PythonStep(kind, name, payload, orPickled(outType)).withWindows(windows);
    return transform(
        in,
        new ChainSpec(Collections.singletonList(step), type.getTypeAt(1), type.getTypeAt(0), null));
  }

  /**
   * A step on two streams. When both are keyed it sees their values, and state and timers by key.
   * When one is, records of that one are rows of key and value, as the peer's are.
   *
   * @throws UnsupportedOperationException both are keyed, by keys of different types
   */
  public static SingleOutputStreamOperator<?> twoInput(
      DataStream<?> first,
      DataStream<?> second,
      int kind,
      String name,
      byte[] payload,
      TypeInformation<?> outType) {
    return twoInput(first, second, new PythonStep(kind, name, payload, orPickled(outType)));
  }

  /**
   * Pairs of records of two keyed streams, and the records that come too late for that.
   *
   * @throws UnsupportedOperationException the keys are of different types
   */
  public static SingleOutputStreamOperator<?> intervalJoin(
      KeyedStream<?, ?> first,
      KeyedStream<?, ?> second,
      String name,
      byte[] payload,
      TypeInformation<?> outType,
      IntervalSpec interval) {
    PythonStep step = new PythonStep(PythonStep.INTERVAL_JOIN, name, payload, orPickled(outType));
    return twoInput(first, second, step.withInterval(interval));
  }

  private static SingleOutputStreamOperator<?> twoInput(
      DataStream<?> first, DataStream<?> second, PythonStep step) {
    String name = step.name();
    boolean keyed = first instanceof KeyedStream && second instanceof KeyedStream;
    ChainSpec spec = new ChainSpec(step, input(first, keyed, name), input(second, keyed, name));
    if (keyed) {
      TypeInformation<?> firstKey = spec.inputs().get(0).keyType();
      TypeInformation<?> secondKey = spec.inputs().get(1).keyType();
      if (!firstKey.equals(secondKey)) {
        throw new UnsupportedOperationException(
            "operator '"
                + name
                + "': the connected streams have keys of different types, "
                + firstKey
                + " and "
                + secondKey
                + "; declare the same key_type for both");
      }
    }
    @SuppressWarnings("unchecked")
    TypeInformation<Object> out = (TypeInformation<Object>) spec.outJavaType();
    SingleOutputStreamOperator<?> result =
        typed(first)
            .connect(typed(second))
            .transform(name, out, new TwoInputChainOperatorFactory<>(spec));
    if (!keyed && second instanceof KeyedStream) {
      // No state is kept, and Flink's batch mode fails to sort a second input alone.
      TwoInputTransformation<?, ?, ?> node =
          (TwoInputTransformation<?, ?, ?>) result.getTransformation();
      node.setStateKeySelectors(null, null);
      node.setStateKeyType(null);
    }
    return result;
  }

  /**
   * A step on a stream, keyed or not, and one that all instances get whole. The step sees values;
   * state and timers belong to the key of the first stream.
   */
  public static SingleOutputStreamOperator<?> broadcast(
      DataStream<?> in,
      DataStream<?> broadcast,
      String name,
      byte[] payload,
      TypeInformation<?> outType) {
    PythonStep step =
        new PythonStep(PythonStep.BROADCAST_PROCESS, name, payload, orPickled(outType));
    ChainSpec spec =
        new ChainSpec(
            step, input(in, in instanceof KeyedStream, name), input(broadcast, false, name));
    @SuppressWarnings("unchecked")
    TypeInformation<Object> out = (TypeInformation<Object>) spec.outJavaType();
    SingleOutputStreamOperator<Object> result =
        typed(in)
            .connect(typed(broadcast))
            .transform(name, out, new TwoInputChainOperatorFactory<>(spec));
    // As with the peer, batch mode does not choose another parallelism.
    result.getTransformation().setParallelism(in.getExecutionEnvironment().getParallelism(), true);
    return result;
  }

  private static InputSpec input(DataStream<?> in, boolean keyed, String name) {
    TypeInformation<?> type = readable(in.getType(), name);
    if (!keyed) {
      return new InputSpec(type, null);
    }
    RowTypeInfo row = (RowTypeInfo) type;
    return new InputSpec(row.getTypeAt(1), row.getTypeAt(0));
  }

  /** A stream of records that are already in wire form. */
  public static DataStreamSource<?> fromCollection(
      StreamExecutionEnvironment env, byte[] batch, TypeInformation<?> type) {
    @SuppressWarnings("unchecked")
    TypeInformation<Object> out = (TypeInformation<Object>) orPickled(type);
    DataStreamSource<Object> source =
        env.fromSource(
            new CollectionSource(batch, out),
            WatermarkStrategy.noWatermarks(),
            COLLECTION_NAME,
            out);
    // One subtask for good: setParallelism(2) is refused when it is called, not when the job
    // starts.
    source.forceNonParallel();
    return source;
  }

  /** Runs the program of {@code env} and hands out what arrives at {@code stream}. */
  public static CollectHandle collect(
      StreamExecutionEnvironment env, DataStream<?> stream, String jobName) throws Exception {
    CollectSinkFactory sink = new CollectSinkFactory(stream.getType());
    SingleOutputStreamOperator<Object> end =
        stream.transform(COLLECT_NAME, Types.GENERIC(Object.class), sink.cast());
    end.setParallelism(stream.getTransformation().getParallelism());
    CollectChannel channel = CollectChannel.create(sink.channel());
    try {
      JobClient client = env.executeAsync(jobName);
      return new CollectHandle(client, channel, sink.isEncoded(), sink.schema());
    } catch (Exception e) {
      channel.close();
      throw e;
    }
  }

  private static SingleOutputStreamOperator<?> transform(DataStream<?> in, ChainSpec spec) {
    @SuppressWarnings("unchecked")
    TypeInformation<Object> out = (TypeInformation<Object>) spec.outJavaType();
    return typed(in).transform(spec.joinedName(), out, new PythonChainOperatorFactory<>(spec));
  }

  @SuppressWarnings("unchecked")
  private static DataStream<Object> typed(DataStream<?> in) {
    return (DataStream<Object>) in;
  }

  private static TypeInformation<?> orPickled(TypeInformation<?> type) {
    return type == null ? PickledBytesTypeInfo.INSTANCE : type;
  }

  private static TypeInformation<?> readable(TypeInformation<?> type, String name) {
    TypeInformation<?> external = TypeSchema.firstExternal(type);
    if (external != null) {
      throw new UnsupportedOperationException(
          "operator '"
              + name
              + "': Python cannot read the Java type "
              + external
              + "; convert it in Java first, or declare one of the types of pyflink.common.Types");
    }
    return type;
  }
}
