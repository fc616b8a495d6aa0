// A chain of Python functions behind Flink's interval join.
// A record costs what Flink's operator costs, with the bytes of the record in its buffers; a pair
// costs a copy of both into the batch. Only pairs and late records reach Python.
package io.pyflinkshell.operator;

import io.pyflinkshell.graph.EncodedKeySelector;
import io.pyflinkshell.graph.RowKeySelector;
import io.pyflinkshell.types.EncodedRecordSerializer;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.co.IntervalJoinOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Collector;
import org.apache.flink.util.ExceptionUtils;

/**
 * Flink's operator is driven from this one: it keeps its buffers and timers in this one's keyed
 * state, under the names that they have in Java programs.
 */
final class IntervalJoinChainOperator<OUT> extends TwoInputChainOperator<Object, Object, OUT> {
  private static final long serialVersionUID = 1L;

  private transient Join join;
  private transient KeySelector<Object, Object> firstKey;
  private transient KeySelector<Object, Object> secondKey;
  private transient ChainInput.Pair pair;

  IntervalJoinChainOperator(
      StreamOperatorParameters<OUT> parameters, ChainSpec spec, ChainCalls.Opener opener) {
    super(parameters, spec, opener);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    firstKey = selector(spec.inputs.get(0));
    secondKey = selector(spec.inputs.get(1));
    join = new Join(spec.steps.get(0).interval());
    join.setup(getContainingTask(), getOperatorConfig(), null);
    join.initializeState(context);
  }

  @SuppressWarnings("unchecked")
  private static KeySelector<Object, Object> selector(InputSpec input) {
    boolean pickled = input.keyType instanceof PickledBytesTypeInfo;
    return (KeySelector<Object, Object>)
        (KeySelector<?, ?>)
            (input.encoded ? new EncodedKeySelector(input.keyType) : new RowKeySelector(pickled));
  }

  @SuppressWarnings("unchecked")
  private TypeSerializer<Object> serializer(int input) {
    InputSpec in = spec.inputs.get(input);
    return (TypeSerializer<Object>)
        (TypeSerializer<?>)
            (in.encoded
                ? EncodedRecordSerializer.INSTANCE
                : in.javaType().createSerializer(getExecutionConfig().getSerializerConfig()));
  }

  @Override
  public void open() throws Exception {
    super.open();
    pair = new ChainInput.Pair(first, second);
    join.open();
  }

  @Override
  public void processElement1(StreamRecord<Object> record) throws Exception {
    select(firstKey, record, 1);
    join.processElement1(record);
  }

  @Override
  public void processElement2(StreamRecord<Object> record) throws Exception {
    select(secondKey, record, 2);
    join.processElement2(record);
  }

  private void select(KeySelector<Object, Object> selector, StreamRecord<?> record, int input)
      throws Exception {
    if (record.getTimestamp() == Long.MIN_VALUE) {
      throw new IllegalStateException(
          "operator '"
              + spec.joinedName()
              + "': a record of input "
              + input
              + " has no timestamp; call assign_timestamps_and_watermarks() on both streams before"
              + " key_by()");
    }
    Object key = selector.getKey(record.getValue());
    if (spec.batchMode && !key.equals(getCurrentKey())) {
      // Flink forgets the state of a key when the next one comes.
      flush();
    }
    setCurrentKey(key);
  }

  /** Python may use the state of other keys when the batch is full. */
  private void keepingKey(ChainInput reader, StreamRecord<?> record) throws Exception {
    Object key = getCurrentKey();
    add(reader, record);
    if (getCurrentKey() != key) {
      setCurrentKey(key);
    }
  }

  /** Flink's operator. It has no life of its own: its timers and its state are the outer one's. */
  private final class Join extends IntervalJoinOperator<Object, Object, Object, OUT> {
    private static final long serialVersionUID = 1L;

    Join(IntervalSpec interval) {
      super(
          interval.lower,
          interval.upper,
          interval.lowerInclusive,
          interval.upperInclusive,
          null,
          null,
          serializer(0),
          serializer(1),
          new AddPair());
    }

    @Override
    public <K, N> InternalTimerService<N> getInternalTimerService(
        String name, TypeSerializer<N> namespaces, Triggerable<K, N> triggerable) {
      return IntervalJoinChainOperator.this.getInternalTimerService(name, namespaces, triggerable);
    }

    @Override
    protected <T> void sideOutput(T value, long timestamp, boolean isLeft) {
      IntervalSpec interval = spec.steps.get(0).interval();
      if (!(isLeft ? interval.leftLate : interval.rightLate)) {
        super.sideOutput(value, timestamp, isLeft);
        return;
      }
      try {
        keepingKey(isLeft ? first : second, new StreamRecord<>(value, timestamp));
      } catch (Exception e) {
        ExceptionUtils.rethrow(e);
      }
    }
  }

  private final class AddPair extends ProcessJoinFunction<Object, Object, OUT> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(Object left, Object right, Context context, Collector<OUT> out)
        throws Exception {
      pair.left.replace(left, context.getLeftTimestamp());
      pair.right.replace(right, context.getRightTimestamp());
      keepingKey(pair, null);
    }
  }
}
