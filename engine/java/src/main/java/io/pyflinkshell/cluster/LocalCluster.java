// One MiniCluster with one TaskManager, which is replaced by a larger one when a job needs it.
// With one TaskManager every exchange stays inside the process, without sockets.
package io.pyflinkshell.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.UnmodifiableConfiguration;
import org.apache.flink.core.failure.FailureEnricher;
import org.apache.flink.runtime.dispatcher.SessionDispatcherFactory;
import org.apache.flink.runtime.dispatcher.runner.DefaultDispatcherRunnerFactory;
import org.apache.flink.runtime.entrypoint.component.DefaultDispatcherResourceManagerComponentFactory;
import org.apache.flink.runtime.entrypoint.component.DispatcherResourceManagerComponentFactory;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;
import org.apache.flink.util.Reference;

/** Counts what its jobs hold; guarded by its own lock. */
final class LocalCluster extends MiniCluster {
  private static final long TERMINATION_SECONDS = 30;
  private static final long SMALLEST_SEGMENT = 4096;
  private static final MemorySize SMALL_BUFFERS_FROM = MemorySize.ofMebiBytes(32);

  /** MiniCluster asks for the configuration again for each TaskManager: here it may change. */
  private static final class Settings extends MiniClusterConfiguration {
    private volatile UnmodifiableConfiguration enlarged;

    Settings(Configuration configuration) {
      super(
          configuration,
          1,
          RpcServiceSharing.SHARED,
          null,
          MiniCluster.HaServices.CONFIGURED,
          null);
    }

    @Override
    public UnmodifiableConfiguration getConfiguration() {
      return enlarged != null ? enlarged : super.getConfiguration();
    }
  }

  private final Settings settings;
  private final boolean rest;
  private final Object sizeLock = new Object();
  private final Map<JobID, JobNeeds> jobs = new HashMap<>();
  private int taskManager;
  private int slots;
  private long buffers;
  private int usedSlots;
  private long usedBuffers;

  /** {@code user} is completed with our defaults; {@code rest} makes the REST API answer. */
  LocalCluster(Configuration user, boolean rest) {
    this(new Settings(SessionOptions.complete(user)), rest);
  }

  private LocalCluster(Settings settings, boolean rest) {
    super(settings, () -> Reference.owned(new SessionRpcSystem(settings.getConfiguration())));
    this.settings = settings;
    this.rest = rest;
    measure();
  }

  private void measure() {
    Configuration configuration = settings.getConfiguration();
    slots = configuration.get(TaskManagerOptions.NUM_TASK_SLOTS);
    buffers = buffersOf(configuration);
  }

  Configuration configuration() {
    return new Configuration(settings.getConfiguration());
  }

  /** Takes room for a job, or returns false when other jobs are in the way of making it. */
  boolean reserve(JobID job, JobNeeds needs) throws Exception {
    synchronized (sizeLock) {
      if (usedSlots + needs.slots > slots || usedBuffers + needs.buffers > buffers) {
        if (!jobs.isEmpty()) {
          return false;
        }
        enlarge(needs);
      }
      jobs.put(job, needs);
      usedSlots += needs.slots;
      usedBuffers += needs.buffers;
      return true;
    }
  }

  void release(JobID job) {
    synchronized (sizeLock) {
      JobNeeds needs = jobs.remove(job);
      if (needs != null) {
        usedSlots -= needs.slots;
        usedBuffers -= needs.buffers;
      }
    }
  }

  boolean isIdle() {
    synchronized (sizeLock) {
      return jobs.isEmpty();
    }
  }

  private void enlarge(JobNeeds needs) throws Exception {
    Configuration larger = new Configuration(settings.getConfiguration());
    fit(larger, needs);
    terminateTaskManager(taskManager).get(TERMINATION_SECONDS, TimeUnit.SECONDS);
    settings.enlarged = new UnmodifiableConfiguration(larger);
    startTaskManager();
    taskManager++;
    measure();
  }

  /** Enlarges a configuration so that one job with these needs has room. */
  static void fit(Configuration configuration, JobNeeds needs) {
    int slots = Math.max(configuration.get(TaskManagerOptions.NUM_TASK_SLOTS), needs.slots);
    configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
    long wanted = needs.buffers + needs.buffers / 8 + 64;
    MemorySize segment = configuration.get(TaskManagerOptions.MEMORY_SEGMENT_SIZE);
    // Many buffers are small ones: they are memory whether they are used or not.
    while (segment.getBytes() > SMALLEST_SEGMENT
        && segment.multiply(wanted).compareTo(SMALL_BUFFERS_FROM) > 0) {
      segment = segment.divide(2);
    }
    MemorySize network = segment.multiply(wanted);
    if (buffersOf(configuration) < wanted) {
      configuration.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, segment);
      configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, network);
      configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, network);
    }
  }

  private static long buffersOf(Configuration configuration) {
    return configuration.get(TaskManagerOptions.NETWORK_MEMORY_MAX).getBytes()
        / configuration.get(TaskManagerOptions.MEMORY_SEGMENT_SIZE).getBytes();
  }

  @Override
  protected DispatcherResourceManagerComponentFactory
      createDispatcherResourceManagerComponentFactory() {
    DispatcherResourceManagerComponentFactory factory =
        rest
            ? super.createDispatcherResourceManagerComponentFactory()
            : new DefaultDispatcherResourceManagerComponentFactory(
                DefaultDispatcherRunnerFactory.createSessionRunner(
                    SessionDispatcherFactory.INSTANCE),
                StandaloneResourceManagerFactory.getInstance(),
                QuietRestEndpoint.Factory.INSTANCE);
    return (settings,
        id,
        executor,
        rpc,
        availability,
        blobs,
        heartbeats,
        tokens,
        metrics,
        graphs,
        queries,
        enrichers,
        fatalErrors) -> {
      List<FailureEnricher> withRestarts = new ArrayList<>(enrichers);
      withRestarts.add(new Restarts());
      return factory.create(
          settings,
          id,
          executor,
          rpc,
          availability,
          blobs,
          heartbeats,
          tokens,
          metrics,
          graphs,
          queries,
          withRestarts,
          fatalErrors);
    };
  }

  @Override
  protected boolean useLocalCommunication() {
    return true;
  }
}
