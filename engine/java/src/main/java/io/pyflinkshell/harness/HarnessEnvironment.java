// What a task finds around it when it runs in a harness: one subtask, no network, no cluster.
package io.pyflinkshell.harness;

import java.io.File;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.JobInfoImpl;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.accumulators.AccumulatorRegistry;
import org.apache.flink.runtime.broadcast.BroadcastVariableManager;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointMetrics;
import org.apache.flink.runtime.checkpoint.TaskStateSnapshot;
import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriteRequestExecutorFactory;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.externalresource.ExternalResourceInfoProvider;
import org.apache.flink.runtime.io.disk.iomanager.IOManager;
import org.apache.flink.runtime.io.disk.iomanager.IOManagerAsync;
import org.apache.flink.runtime.io.network.TaskEventDispatcher;
import org.apache.flink.runtime.io.network.api.writer.ResultPartitionWriter;
import org.apache.flink.runtime.io.network.partition.consumer.IndexedInputGate;
import org.apache.flink.runtime.jobgraph.JobType;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.tasks.InputSplitProvider;
import org.apache.flink.runtime.jobgraph.tasks.TaskOperatorEventGateway;
import org.apache.flink.runtime.memory.MemoryManager;
import org.apache.flink.runtime.memory.SharedResources;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.TaskKvStateRegistry;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.taskexecutor.GlobalAggregateManager;
import org.apache.flink.runtime.taskmanager.TaskManagerActions;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/** What only a cluster has is refused by name. */
final class HarnessEnvironment implements Environment, TaskManagerRuntimeInfo, AutoCloseable {
  /** What RocksDB may take when the configuration does not say. */
  private static final long MANAGED_BYTES = 64L << 20;

  private final ExecutionConfig executionConfig;
  private final Configuration jobConfiguration;
  private final Configuration taskConfiguration;
  private final JobInfo job;
  private final TaskInfo task;
  private final HarnessStates states;
  private final ClassLoader classLoader;
  private final JobVertexID vertex = new JobVertexID();
  private final ExecutionAttemptID attempt = ExecutionAttemptID.randomId();
  private final TaskMetricGroup metrics =
      UnregisteredMetricGroups.createUnregisteredTaskMetricGroup();
  private final AccumulatorRegistry accumulators;
  private final SharedResources sharedResources = new SharedResources();
  private IOManager ioManager;
  private MemoryManager memoryManager;
  private MailboxExecutor mailbox;
  private ExecutorService asyncOperations;
  private CheckpointStorageAccess checkpointStorage;

  /** The failure that an operator, or a thread of its own, reported past its caller. */
  volatile Throwable failure;

  HarnessEnvironment(
      ExecutionConfig executionConfig,
      Configuration jobConfiguration,
      Configuration taskConfiguration,
      String taskName,
      HarnessPlace place,
      HarnessStates states,
      ClassLoader classLoader) {
    this.executionConfig = executionConfig;
    this.jobConfiguration = jobConfiguration;
    this.taskConfiguration = taskConfiguration;
    this.job = new JobInfoImpl(new JobID(), "test harness");
    this.task =
        new TaskInfoImpl(
            taskName, place.maxParallelism, place.subtask, place.parallelism, 0, "harness");
    this.states = states;
    this.classLoader = classLoader;
    this.accumulators = new AccumulatorRegistry(job.getJobId(), attempt);
  }

  private static UnsupportedOperationException notHere(String what) {
    return new UnsupportedOperationException("a test harness has no " + what);
  }

  @Override
  public ExecutionConfig getExecutionConfig() {
    return executionConfig;
  }

  @Override
  public JobID getJobID() {
    return job.getJobId();
  }

  @Override
  public JobType getJobType() {
    return JobType.STREAMING;
  }

  @Override
  public JobVertexID getJobVertexId() {
    return vertex;
  }

  @Override
  public ExecutionAttemptID getExecutionId() {
    return attempt;
  }

  @Override
  public Configuration getTaskConfiguration() {
    return taskConfiguration;
  }

  @Override
  public TaskManagerRuntimeInfo getTaskManagerInfo() {
    return this;
  }

  @Override
  public TaskMetricGroup getMetricGroup() {
    return metrics;
  }

  @Override
  public Configuration getJobConfiguration() {
    return jobConfiguration;
  }

  @Override
  public JobInfo getJobInfo() {
    return job;
  }

  @Override
  public TaskInfo getTaskInfo() {
    return task;
  }

  @Override
  public InputSplitProvider getInputSplitProvider() {
    throw notHere("input splits");
  }

  @Override
  public TaskOperatorEventGateway getOperatorCoordinatorEventGateway() {
    throw notHere("operator coordinators");
  }

  /** Made when the first operator asks: it has threads. */
  @Override
  public IOManager getIOManager() {
    if (ioManager == null) {
      ioManager = new IOManagerAsync(getTmpDirectories()[0]);
    }
    return ioManager;
  }

  @Override
  public MemoryManager getMemoryManager() {
    if (memoryManager == null) {
      memoryManager = MemoryManager.create(MANAGED_BYTES, MemoryManager.DEFAULT_PAGE_SIZE);
    }
    return memoryManager;
  }

  @Override
  public SharedResources getSharedResources() {
    return sharedResources;
  }

  @Override
  public UserCodeClassLoader getUserCodeClassLoader() {
    return SimpleUserCodeClassLoader.create(classLoader);
  }

  @Override
  public Map<String, Future<Path>> getDistributedCacheEntries() {
    return Collections.emptyMap();
  }

  @Override
  public BroadcastVariableManager getBroadcastVariableManager() {
    throw notHere("broadcast variables");
  }

  @Override
  public HarnessStates getTaskStateManager() {
    return states;
  }

  @Override
  public GlobalAggregateManager getGlobalAggregateManager() {
    throw notHere("global aggregates");
  }

  @Override
  public ExternalResourceInfoProvider getExternalResourceInfoProvider() {
    return ExternalResourceInfoProvider.NO_EXTERNAL_RESOURCES;
  }

  @Override
  public AccumulatorRegistry getAccumulatorRegistry() {
    return accumulators;
  }

  @Override
  public TaskKvStateRegistry getTaskKvStateRegistry() {
    return new KvStateRegistry().createTaskRegistry(job.getJobId(), vertex);
  }

  @Override
  public void acknowledgeCheckpoint(long checkpointId, CheckpointMetrics checkpointMetrics) {}

  @Override
  public void acknowledgeCheckpoint(
      long checkpointId, CheckpointMetrics checkpointMetrics, TaskStateSnapshot subtaskState) {}

  @Override
  public void declineCheckpoint(long checkpointId, CheckpointException cause) {
    failure = cause;
  }

  @Override
  public void failExternally(Throwable cause) {
    failure = cause;
  }

  @Override
  public ResultPartitionWriter getWriter(int index) {
    throw notHere("network");
  }

  @Override
  public ResultPartitionWriter[] getAllWriters() {
    return new ResultPartitionWriter[0];
  }

  @Override
  public IndexedInputGate getInputGate(int index) {
    throw notHere("network");
  }

  @Override
  public IndexedInputGate[] getAllInputGates() {
    return new IndexedInputGate[0];
  }

  @Override
  public TaskEventDispatcher getTaskEventDispatcher() {
    throw notHere("network");
  }

  @Override
  public TaskManagerActions getTaskManagerActions() {
    throw notHere("task manager");
  }

  @Override
  public void setMainMailboxExecutor(MailboxExecutor mainMailboxExecutor) {
    mailbox = mainMailboxExecutor;
  }

  @Override
  public MailboxExecutor getMainMailboxExecutor() {
    return mailbox;
  }

  @Override
  public void setAsyncOperationsThreadPool(ExecutorService executorService) {
    asyncOperations = executorService;
  }

  @Override
  public ExecutorService getAsyncOperationsThreadPool() {
    return asyncOperations;
  }

  @Override
  public void setCheckpointStorageAccess(CheckpointStorageAccess access) {
    checkpointStorage = access;
  }

  @Override
  public CheckpointStorageAccess getCheckpointStorageAccess() {
    return checkpointStorage;
  }

  @Override
  public ChannelStateWriteRequestExecutorFactory getChannelStateExecutorFactory() {
    return new ChannelStateWriteRequestExecutorFactory(job.getJobId());
  }

  // ---- as a task manager ----

  @Override
  public Configuration getConfiguration() {
    return jobConfiguration;
  }

  @Override
  public String[] getTmpDirectories() {
    return new String[] {System.getProperty("java.io.tmpdir")};
  }

  @Override
  public boolean shouldExitJvmOnOutOfMemoryError() {
    return false;
  }

  @Override
  public String getTaskManagerExternalAddress() {
    return "localhost";
  }

  @Override
  public File getTmpWorkingDirectory() {
    return new File(System.getProperty("java.io.tmpdir"));
  }

  @Override
  public void close() throws Exception {
    try {
      if (ioManager != null) {
        ioManager.close();
      }
    } finally {
      if (memoryManager != null) {
        memoryManager.shutdown();
      }
    }
  }
}
