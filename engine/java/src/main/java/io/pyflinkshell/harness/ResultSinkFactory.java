// Marks the end of the program that a harness runs; no operator is made of it.
package io.pyflinkshell.harness;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.graph.EncodedConsumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** The graph translation tells it the form of the results, as it tells a sink. */
final class ResultSinkFactory extends AbstractStreamOperatorFactory<Object>
    implements OneInputStreamOperatorFactory<Object, Object>, EncodedConsumer {
  private static final long serialVersionUID = 1L;

  final TypeInformation<?> type;
  boolean encoded;
  byte[] schema;

  ResultSinkFactory(TypeInformation<?> type) {
    this.type = type;
    this.schema = TypeSchema.of(type);
  }

  @Override
  public void useInput(boolean isEncoded, byte[] encodedSchema) {
    encoded = isEncoded;
    schema = isEncoded ? encodedSchema : TypeSchema.of(type);
  }

  @SuppressWarnings("unchecked")
  <IN> OneInputStreamOperatorFactory<IN, Object> cast() {
    return (OneInputStreamOperatorFactory<IN, Object>) (OneInputStreamOperatorFactory<?, ?>) this;
  }

  @Override
  public <T extends StreamOperator<Object>> T createStreamOperator(
      StreamOperatorParameters<Object> parameters) {
    throw new UnsupportedOperationException("this program runs in a test harness only");
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return StreamOperator.class;
  }
}
