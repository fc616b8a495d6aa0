// What the job graph carries of an asynchronous operator: Flink's, with a function in Python.
package io.pyflinkshell.operator;

import io.pyflinkshell.graph.EncodedConsumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.YieldingOperatorFactory;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperator;
import org.apache.flink.streaming.util.retryable.AsyncRetryStrategies;

/** Its form is settled by the graph translation, before it is serialized. */
public final class PythonAsyncOperatorFactory extends AbstractStreamOperatorFactory<Object>
    implements OneInputStreamOperatorFactory<Object, Object>,
        YieldingOperatorFactory<Object>,
        EncodedConsumer {
  private static final long serialVersionUID = 1L;

  private AsyncSpec spec;
  private final long timeoutMillis;
  private final int capacity;
  private final OutputMode mode;

  public PythonAsyncOperatorFactory(
      String name,
      byte[] payload,
      TypeInformation<?> inType,
      TypeInformation<?> outType,
      long timeoutMillis,
      int capacity,
      boolean ordered) {
    this.spec = new AsyncSpec(name, payload, new InputSpec(inType, null), outType);
    this.timeoutMillis = timeoutMillis;
    this.capacity = capacity;
    this.mode = ordered ? OutputMode.ORDERED : OutputMode.UNORDERED;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void useInput(boolean encoded, byte[] schema) {
    spec = spec.withInEncoded(encoded);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Object>> T createStreamOperator(
      StreamOperatorParameters<Object> parameters) {
    PythonAsyncFunction function =
        new PythonAsyncFunction(
            // The name that the program gave the operator since.
            spec.withName(parameters.getStreamConfig().getOperatorName()),
            parameters.getContainingTask().getCancelables());
    AsyncWaitOperator<Object, Object> operator =
        new AsyncWaitOperator<>(
            function,
            timeoutMillis,
            capacity,
            mode,
            // Retries are the event loop's: it has the results and exceptions as Python objects.
            AsyncRetryStrategies.NO_RETRY_STRATEGY,
            parameters.getProcessingTimeService(),
            getMailboxExecutor());
    operator.setup(
        parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
    return (T) operator;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return AsyncWaitOperator.class;
  }
}
