// The node that execute_and_collect adds behind the stream.
package io.pyflinkshell.api;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.graph.EncodedConsumer;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Its form is settled by the graph translation, before it is serialized. */
final class CollectSinkFactory extends AbstractStreamOperatorFactory<Object>
    implements OneInputStreamOperatorFactory<Object, Object>, EncodedConsumer {
  private static final long serialVersionUID = 1L;
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long channel = NUMBERS.incrementAndGet();
  private final TypeInformation<?> type;
  private boolean encoded;
  private byte[] schema;

  CollectSinkFactory(TypeInformation<?> type) {
    this.type = type;
    this.schema = TypeSchema.of(type);
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void useInput(boolean encoded, byte[] encodedSchema) {
    this.encoded = encoded;
    this.schema = encoded ? encodedSchema : TypeSchema.of(type);
  }

  boolean isEncoded() {
    return encoded;
  }

  byte[] schema() {
    return schema;
  }

  long channel() {
    return channel;
  }

  @SuppressWarnings("unchecked")
  <IN> OneInputStreamOperatorFactory<IN, Object> cast() {
    return (OneInputStreamOperatorFactory<IN, Object>) (OneInputStreamOperatorFactory<?, ?>) this;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Object>> T createStreamOperator(
      StreamOperatorParameters<Object> parameters) {
    return (T) new CollectSinkOperator(parameters, channel, encoded ? null : type);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return CollectSinkOperator.class;
  }
}
