// Gives the operators of a harness the state that they are restored from.
package io.pyflinkshell.harness;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CheckpointMetaData;
import org.apache.flink.runtime.checkpoint.CheckpointMetrics;
import org.apache.flink.runtime.checkpoint.InflightDataRescalingDescriptor;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.PrioritizedOperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SubTaskInitializationMetrics;
import org.apache.flink.runtime.checkpoint.TaskStateSnapshot;
import org.apache.flink.runtime.checkpoint.channel.SequentialChannelStateReader;
import org.apache.flink.runtime.checkpoint.filemerging.FileMergingSnapshotManager;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.TaskStateManager;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandle;
import org.apache.flink.runtime.state.changelog.StateChangelogStorage;
import org.apache.flink.runtime.state.changelog.StateChangelogStorageView;

/** Snapshots go to the test, not here: nothing is reported. */
final class HarnessStates implements TaskStateManager {
  private static final long CHECKPOINT = 1;

  private final Map<OperatorID, OperatorSubtaskState> restored = new HashMap<>();
  private boolean isRestored;

  void restore(OperatorID operator, OperatorSubtaskState state) {
    restored.put(operator, state);
    isRestored = true;
  }

  @Override
  public PrioritizedOperatorSubtaskState prioritizedOperatorState(OperatorID operator) {
    if (!isRestored) {
      return PrioritizedOperatorSubtaskState.emptyNotRestored();
    }
    OperatorSubtaskState state = restored.get(operator);
    return state == null
        ? PrioritizedOperatorSubtaskState.empty(CHECKPOINT)
        : new PrioritizedOperatorSubtaskState.Builder(state, Collections.emptyList(), CHECKPOINT)
            .build();
  }

  @Override
  public Optional<OperatorSubtaskState> getSubtaskJobManagerRestoredState(OperatorID operator) {
    return Optional.ofNullable(restored.get(operator));
  }

  @Override
  public Optional<Long> getRestoreCheckpointId() {
    return isRestored ? Optional.of(CHECKPOINT) : Optional.empty();
  }

  @Override
  public void reportInitializationMetrics(SubTaskInitializationMetrics metrics) {}

  @Override
  public void reportTaskStateSnapshots(
      CheckpointMetaData metaData,
      CheckpointMetrics metrics,
      TaskStateSnapshot acknowledged,
      TaskStateSnapshot local) {}

  @Override
  public void reportIncompleteTaskStateSnapshots(
      CheckpointMetaData metaData, CheckpointMetrics metrics) {}

  @Override
  public InflightDataRescalingDescriptor getInputRescalingDescriptor() {
    return InflightDataRescalingDescriptor.NO_RESCALE;
  }

  @Override
  public InflightDataRescalingDescriptor getOutputRescalingDescriptor() {
    return InflightDataRescalingDescriptor.NO_RESCALE;
  }

  @Override
  public boolean isTaskDeployedAsFinished() {
    return false;
  }

  @Override
  public LocalRecoveryConfig createLocalRecoveryConfig() {
    return LocalRecoveryConfig.BACKUP_AND_RECOVERY_DISABLED;
  }

  @Override
  public SequentialChannelStateReader getSequentialChannelStateReader() {
    return SequentialChannelStateReader.NO_OP;
  }

  @Override
  public StateChangelogStorage<?> getStateChangelogStorage() {
    return null;
  }

  @Override
  public StateChangelogStorageView<?> getStateChangelogStorageView(
      Configuration configuration, ChangelogStateHandle handle) {
    throw new UnsupportedOperationException("a test harness has no changelog of its state");
  }

  @Override
  public FileMergingSnapshotManager getFileMergingSnapshotManager() {
    return null;
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {}

  @Override
  public void close() {}
}
