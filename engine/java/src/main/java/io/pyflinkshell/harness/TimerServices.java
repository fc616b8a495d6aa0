// The timer services of one operator, as it asked for them.
package io.pyflinkshell.harness;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.asyncprocessing.AsyncExecutionController;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupStatePartitionStreamProvider;
import org.apache.flink.runtime.state.KeyedStateCheckpointOutputStream;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManager;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManagerImpl;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.tasks.StreamTaskCancellationContext;

/** Flink's own services; this only remembers them, because the manager does not show them. */
final class TimerServices implements InternalTimeServiceManager.Provider {
  private static final long serialVersionUID = 1L;

  /** What is done with each timer. */
  interface Visitor {
    void visit(Object key, long timestamp) throws Exception;
  }

  private final transient List<InternalTimerService<?>> services = new ArrayList<>();
  private transient KeyContext keys;

  @Override
  public <K> InternalTimeServiceManager<K> create(
      TaskIOMetricGroup metrics,
      CheckpointableKeyedStateBackend<K> backend,
      ClassLoader loader,
      KeyContext keyContext,
      ProcessingTimeService processingTime,
      Iterable<KeyGroupStatePartitionStreamProvider> rawKeyedStates,
      StreamTaskCancellationContext cancellation)
      throws Exception {
    keys = keyContext;
    return new Manager<>(
        InternalTimeServiceManagerImpl.create(
            metrics, backend, loader, keyContext, processingTime, rawKeyedStates, cancellation));
  }

  /** Visits the timers of one time domain. The operator's current key changes. */
  void forEach(boolean eventTime, Visitor visitor) throws Exception {
    for (InternalTimerService<?> service : services) {
      if (eventTime) {
        service.forEachEventTimeTimer(
            (namespace, timestamp) -> visitor.visit(keys.getCurrentKey(), timestamp));
      } else {
        service.forEachProcessingTimeTimer(
            (namespace, timestamp) -> visitor.visit(keys.getCurrentKey(), timestamp));
      }
    }
  }

  private final class Manager<K> implements InternalTimeServiceManager<K> {
    private final InternalTimeServiceManager<K> real;

    Manager(InternalTimeServiceManager<K> real) {
      this.real = real;
    }

    private <N> InternalTimerService<N> remember(InternalTimerService<N> service) {
      if (!services.contains(service)) {
        services.add(service);
      }
      return service;
    }

    @Override
    public <N> InternalTimerService<N> getInternalTimerService(
        String name,
        TypeSerializer<K> keySerializer,
        TypeSerializer<N> namespaceSerializer,
        Triggerable<K, N> triggerable) {
      return remember(
          real.getInternalTimerService(name, keySerializer, namespaceSerializer, triggerable));
    }

    @Override
    public <N> InternalTimerService<N> getAsyncInternalTimerService(
        String name,
        TypeSerializer<K> keySerializer,
        TypeSerializer<N> namespaceSerializer,
        Triggerable<K, N> triggerable,
        AsyncExecutionController<K> controller) {
      return remember(
          real.getAsyncInternalTimerService(
              name, keySerializer, namespaceSerializer, triggerable, controller));
    }

    @Override
    public void advanceWatermark(Watermark watermark) throws Exception {
      real.advanceWatermark(watermark);
    }

    @Override
    public boolean tryAdvanceWatermark(Watermark watermark, ShouldStopAdvancingFn stop)
        throws Exception {
      return real.tryAdvanceWatermark(watermark, stop);
    }

    @Override
    public void snapshotToRawKeyedState(KeyedStateCheckpointOutputStream out, String name)
        throws Exception {
      real.snapshotToRawKeyedState(out, name);
    }
  }
}
