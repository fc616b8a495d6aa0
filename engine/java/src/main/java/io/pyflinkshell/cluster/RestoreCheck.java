// Looks at the checkpoint or savepoint that a job is to start from, before the job starts.
// Flink finds the same faults later: it names operators by hashes, and it starts a job again and
// again whose state files cannot be read.
package io.pyflinkshell.cluster;

import java.io.DataInputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.VersionedIOReadableWritable;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFileStateBackend;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.FsCompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.util.SerializedValue;

/** Files are looked at when they are on this machine; others are left to the job. */
final class RestoreCheck {
  private static final String CHECKPOINT_PREFIX = "chk-";
  private static final String ANOTHER =
      "; choose another checkpoint or savepoint (-s, or the option execution.savepoint.path)";

  private final String path;
  private final ClassLoader loader;

  private RestoreCheck(String path, ClassLoader loader) {
    this.path = path;
    this.loader = loader;
  }

  /** Throws what a user can understand when {@code graph} cannot start from its savepoint. */
  static void check(JobGraph graph, Configuration configuration, ClassLoader loader)
      throws Exception {
    SavepointRestoreSettings settings = graph.getSavepointRestoreSettings();
    if (settings.restoreSavepoint()) {
      RestoreCheck check = new RestoreCheck(settings.getRestorePath(), loader);
      CheckpointMetadata metadata = check.readMetadata();
      check.compare(metadata, graph, settings.allowNonRestoredState());
      check.compareBackend(metadata, graph, configuration);
      check.lookAtFiles(metadata);
    }
  }

  private RestoreException failure(String what, Throwable cause) {
    return new RestoreException("cannot start from '" + path + "': " + what, cause);
  }

  private CheckpointMetadata readMetadata() throws RestoreException {
    FsCompletedCheckpointStorageLocation location;
    try {
      location = AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path);
    } catch (FileNotFoundException e) {
      throw failure(notFound(), e);
    } catch (IOException | RuntimeException e) {
      throw failure(reason(e), e);
    }
    try (DataInputStream in = new DataInputStream(location.getMetadataHandle().openInputStream())) {
      return Checkpoints.loadCheckpointMetadata(in, loader, location.getExternalPointer());
    } catch (IOException | RuntimeException e) {
      throw failure(damaged(fileOf(location.getMetadataHandle()), e), e);
    }
  }

  /** A folder above the checkpoints is the usual mistake. */
  private String notFound() {
    File folder = localFile(new Path(path));
    if (folder == null || !folder.exists()) {
      return "there is no such file or folder";
    }
    File[] checkpoints =
        folder.listFiles((in, name) -> new File(new File(in, name), "_metadata").exists());
    String found =
        checkpoints == null || checkpoints.length == 0
            ? "; a checkpoint that was not completed has none"
            : "; try " + newest(checkpoints);
    return "the folder holds no file _metadata" + found;
  }

  private static File newest(File[] checkpoints) {
    return Arrays.stream(checkpoints)
        .max((a, b) -> Long.compare(number(a.getName()), number(b.getName())))
        .get();
  }

  private static long number(String name) {
    try {
      return name.startsWith(CHECKPOINT_PREFIX)
          ? Long.parseLong(name.substring(CHECKPOINT_PREFIX.length()))
          : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The operators of the job by the names under which a savepoint may know them. */
  private void compare(CheckpointMetadata metadata, JobGraph graph, boolean mayDrop)
      throws RestoreException {
    Map<OperatorID, JobVertex> vertices = new HashMap<>();
    Map<OperatorID, String> names = new HashMap<>();
    for (JobVertex vertex : graph.getVertices()) {
      new StreamConfig(vertex.getConfiguration())
          .getTransitiveChainedTaskConfigsWithSelf(loader)
          .values()
          .forEach(config -> names.put(config.getOperatorID(), config.getOperatorName()));
      for (OperatorIDPair pair : vertex.getOperatorIDs()) {
        vertices.put(pair.getGeneratedOperatorID(), vertex);
        pair.getUserDefinedOperatorID().ifPresent(id -> vertices.put(id, vertex));
      }
    }
    for (OperatorState state : metadata.getOperatorStates()) {
      JobVertex vertex = vertices.get(state.getOperatorID());
      if (vertex == null) {
        if (!mayDrop && hasState(state)) {
          throw failure(
              "it holds state of an operator that the program does not have (id "
                  + state.getOperatorID()
                  + "). Give each operator with state the uid() that it had, or drop that state"
                  + " with -n (--allowNonRestoredState, or the option"
                  + " execution.savepoint.ignore-unclaimed-state=true)",
              null);
        }
        continue;
      }
      String name = names.getOrDefault(state.getOperatorID(), vertex.getName());
      compareParallelism(name, state, vertex);
    }
  }

  private static boolean hasState(OperatorState state) {
    return state.getCoordinatorState() != null
        || state.getStates().stream().anyMatch(OperatorSubtaskState::hasState);
  }

  private void compareParallelism(String name, OperatorState state, JobVertex vertex)
      throws RestoreException {
    int stored = state.getMaxParallelism();
    if (vertex.getMaxParallelism() > 0 && vertex.getMaxParallelism() != stored) {
      throw failure(
          "operator '"
              + name
              + "' has the maximum parallelism "
              + vertex.getMaxParallelism()
              + ", and its state was written with "
              + stored
              + ", which cannot change; call set_max_parallelism("
              + stored
              + ")",
          null);
    }
    if (vertex.getParallelism() > stored) {
      throw failure(
          "operator '"
              + name
              + "' has the parallelism "
              + vertex.getParallelism()
              + ", more than the maximum of "
              + stored
              + " with which its state was written; call set_parallelism() with less",
          null);
    }
  }

  /** The files of RocksDB itself are for RocksDB only. */
  private void compareBackend(
      CheckpointMetadata metadata, JobGraph graph, Configuration configuration) throws Exception {
    boolean files =
        metadata.getOperatorStates().stream()
            .flatMap(state -> state.getStates().stream())
            .flatMap(subtask -> subtask.getManagedKeyedState().stream())
            .anyMatch(handle -> handle instanceof IncrementalRemoteKeyedStateHandle);
    if (!files) {
      return;
    }
    SerializedValue<StateBackend> own = graph.getCheckpointingSettings().getDefaultStateBackend();
    StateBackend backend =
        StateBackendLoader.fromApplicationOrConfigOrDefault(
            own == null ? null : own.deserializeValue(loader),
            graph.getJobConfiguration(),
            configuration,
            loader,
            null);
    if (backend instanceof HashMapStateBackend || backend instanceof AbstractFileStateBackend) {
      throw failure(
          "it was written by the RocksDB state backend, and the program uses "
              + backend.getClass().getSimpleName()
              + "; set state.backend.type=rocksdb, or start from a savepoint, which every backend"
              + " can read",
          null);
    }
  }

  private void lookAtFiles(CheckpointMetadata metadata) throws RestoreException {
    for (OperatorState state : metadata.getOperatorStates()) {
      for (OperatorSubtaskState subtask : state.getStates()) {
        for (KeyedStateHandle handle : subtask.getManagedKeyedState()) {
          lookAtKeyed(handle);
        }
        for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
          lookAt(handle.getDelegateStateHandle(), new OperatorBackendSerializationProxy(loader));
        }
        for (OperatorStateHandle handle : subtask.getRawOperatorState()) {
          lookAt(handle.getDelegateStateHandle(), null);
        }
        for (KeyedStateHandle handle : subtask.getRawKeyedState()) {
          if (handle instanceof KeyGroupsStateHandle) {
            lookAt(((KeyGroupsStateHandle) handle).getDelegateStateHandle(), null);
          }
        }
      }
    }
  }

  private void lookAtKeyed(KeyedStateHandle handle) throws RestoreException {
    if (handle instanceof KeyGroupsStateHandle) {
      lookAt(
          ((KeyGroupsStateHandle) handle).getDelegateStateHandle(),
          new KeyedBackendSerializationProxy<>(loader));
    } else if (handle instanceof IncrementalRemoteKeyedStateHandle) {
      IncrementalRemoteKeyedStateHandle files = (IncrementalRemoteKeyedStateHandle) handle;
      lookAt(files.getMetaDataStateHandle(), new KeyedBackendSerializationProxy<>(loader));
      for (HandleAndLocalPath file : files.getSharedState()) {
        lookAt(file.getHandle(), null);
      }
      for (HandleAndLocalPath file : files.getPrivateState()) {
        lookAt(file.getHandle(), null);
      }
    }
  }

  /** Its size, and its head when {@code head} can read it. */
  private void lookAt(StreamStateHandle handle, VersionedIOReadableWritable head)
      throws RestoreException {
    if (handle instanceof FileStateHandle) {
      File file = localFile(((FileStateHandle) handle).getFilePath());
      if (file == null) {
        return;
      }
      if (!file.exists()) {
        throw failure("the file " + file + ", which it needs, is missing" + ANOTHER, null);
      }
      if (file.length() < handle.getStateSize()) {
        throw failure(
            "the file "
                + file
                + " is damaged: it has "
                + file.length()
                + " of "
                + handle.getStateSize()
                + " bytes"
                + ANOTHER,
            null);
      }
    }
    if (head == null) {
      return;
    }
    try (InputStream in = handle.openInputStream()) {
      head.read(new DataInputViewStreamWrapper(in));
    } catch (IOException | RuntimeException e) {
      throw failure(damaged(fileOf(handle), e), e);
    }
  }

  private String fileOf(StreamStateHandle handle) {
    if (!(handle instanceof FileStateHandle)) {
      return new Path(path, "_metadata").getPath();
    }
    Path file = ((FileStateHandle) handle).getFilePath();
    File local = localFile(file);
    return local == null ? file.toString() : local.getPath();
  }

  private static String damaged(String file, Throwable cause) {
    return "the file " + file + " is damaged, or no checkpoint (" + reason(cause) + ")" + ANOTHER;
  }

  private static String reason(Throwable cause) {
    String text = cause.getMessage();
    if (text == null || text.isEmpty()) {
      return cause.getClass().getSimpleName();
    }
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end);
  }

  /** Null when the file is not on this machine. */
  private static File localFile(Path file) {
    URI uri = file.toUri();
    boolean local = uri.getScheme() == null || uri.getScheme().equals("file");
    return local ? new File(file.getPath()) : null;
  }
}
