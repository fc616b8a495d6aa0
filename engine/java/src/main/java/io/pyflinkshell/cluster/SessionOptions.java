// The Flink options of the session: our defaults for one small process, then the user's.
package io.pyflinkshell.cluster;

import java.io.File;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.ResourceManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;

/** Which option belongs to the cluster, and what it is here when nobody sets it. */
final class SessionOptions {
  /** Options with these beginnings take effect when the cluster starts, not per job. */
  private static final String[] CLUSTER_PREFIXES = {
    "blob.",
    "cluster.",
    "execution.checkpointing.local-backup",
    "execution.checkpointing.num-retained",
    "execution.state-recovery.from-local",
    "external-resource",
    "fs.",
    "heartbeat.",
    "high-availability",
    "historyserver.",
    "io.tmp.dirs",
    "jobmanager.",
    "jobstore.",
    "metrics.",
    "pekko.",
    "process.",
    "queryable-state.",
    "resourcemanager.",
    "rest.",
    "s3.",
    "security.",
    "slot.",
    "slotmanager.",
    "state.backend.local-recovery",
    "state.backend.rocksdb.memory.fixed-per-tm",
    "state.backend.rocksdb.memory.high-prio-pool-ratio",
    "state.backend.rocksdb.memory.partitioned-index-filters",
    "state.backend.rocksdb.memory.write-buffer-ratio",
    "state.checkpoints.num-retained",
    "task.cancellation",
    "taskmanager.",
    "web.",
  };

  /** Slots cost nothing until a job takes them. */
  static final int FIRST_SLOTS = 64;

  /** Network buffers are memory from the start, so there are few; larger jobs bring their own. */
  static final MemorySize FIRST_NETWORK = MemorySize.ofMebiBytes(16);

  /** RocksDB's options, which are in a jar that the cluster's code does without. */
  static final ConfigOption<Boolean> ROCKSDB_MANAGED =
      ConfigOptions.key("state.backend.rocksdb.memory.managed").booleanType().noDefaultValue();

  static final ConfigOption<MemorySize> ROCKSDB_SHARED =
      ConfigOptions.key("state.backend.rocksdb.memory.fixed-per-tm").memoryType().noDefaultValue();

  /** What Flink gives the slot of a local job of parallelism 1; with much less RocksDB crawls. */
  private static final MemorySize ROCKSDB_OF_ONE = MemorySize.ofMebiBytes(128);

  private static final String NO_PORT = "0";

  private SessionOptions() {}

  /**
   * From "key=value" strings, as -D gives them, over the configuration file of the folder that the
   * environment variable FLINK_CONF_DIR names, if any.
   */
  static Configuration parse(String[] keyValues) {
    String folder = System.getenv(ConfigConstants.ENV_FLINK_CONF_DIR);
    Configuration configuration = new Configuration();
    if (folder != null && !folder.isEmpty()) {
      if (!new File(folder).isDirectory()) {
        throw new IllegalArgumentException(
            ConfigConstants.ENV_FLINK_CONF_DIR + "=" + folder + " names no folder");
      }
      configuration = GlobalConfiguration.loadConfiguration(folder);
    }
    if (keyValues != null) {
      for (String keyValue : keyValues) {
        int equals = keyValue.indexOf('=');
        if (equals <= 0) {
          throw new IllegalArgumentException("option '" + keyValue + "' is not key=value");
        }
        configuration.setString(keyValue.substring(0, equals), keyValue.substring(equals + 1));
      }
    }
    return configuration;
  }

  /** The part of a configuration that belongs to the cluster. */
  static Map<String, String> clusterPart(Configuration configuration) {
    Map<String, String> part = new HashMap<>();
    for (Map.Entry<String, String> entry : configuration.toMap().entrySet()) {
      for (String prefix : CLUSTER_PREFIXES) {
        if (entry.getKey().startsWith(prefix)) {
          part.put(entry.getKey(), entry.getValue());
        }
      }
    }
    return part;
  }

  /** What the cluster starts with: {@code user} and our defaults for the rest. */
  static Configuration complete(Configuration user) {
    Configuration all = new Configuration(user);
    // The port is for people who set it; jobs of this process do not use it.
    preset(all, RestOptions.BIND_PORT, NO_PORT);
    preset(all, RestOptions.BIND_ADDRESS, "localhost");
    preset(all, RestOptions.ADDRESS, "localhost");
    preset(all, RestOptions.SERVER_NUM_THREADS, 1);
    preset(all, JobManagerOptions.ADDRESS, "localhost");
    preset(all, TaskManagerOptions.NUM_TASK_SLOTS, FIRST_SLOTS);
    preset(all, TaskManagerOptions.NETWORK_MEMORY_MIN, FIRST_NETWORK);
    preset(
        all, TaskManagerOptions.NETWORK_MEMORY_MAX, all.get(TaskManagerOptions.NETWORK_MEMORY_MIN));
    presetRocksDbMemory(all);
    // Only sorting and batch operators take managed memory, and then page by page.
    preset(all, TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(2048));
    preset(all, NettyShuffleEnvironmentOptions.NETWORK_SORT_SHUFFLE_MIN_BUFFERS, 16);
    preset(all, ResourceManagerOptions.REQUIREMENTS_CHECK_DELAY, Duration.ZERO);
    preset(all, ResourceManagerOptions.DECLARE_NEEDED_RESOURCE_DELAY, Duration.ZERO);
    // A function in a call of C that does not come back would cost the session its TaskManager.
    preset(all, TaskManagerOptions.TASK_CANCELLATION_TIMEOUT, Duration.ZERO);
    // Objects of user classes live on in Python after their job has ended.
    preset(all, CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    preset(all, BlobServerOptions.CLEANUP_INTERVAL, 3600L);
    if (SessionOutput.isActive()) {
      all.setString(SessionMetrics.OPTION, SessionMetrics.Factory.class.getName());
    }
    return all;
  }

  /**
   * Most slots are never taken, so a slot's share of managed memory is small: a cache of that size
   * is full of RocksDB's own bookkeeping, and its write buffers are flushed after a few records.
   * All instances share one memory instead: that of the user's managed memory, else enough for as
   * many of them as can run at a time.
   */
  private static void presetRocksDbMemory(Configuration all) {
    int atATime = Math.max(4, Runtime.getRuntime().availableProcessors());
    MemorySize shared =
        all.getOptional(TaskManagerOptions.MANAGED_MEMORY_SIZE)
            .orElse(ROCKSDB_OF_ONE.multiply(atATime));
    preset(all, ROCKSDB_SHARED, shared);
    preset(all, ROCKSDB_MANAGED, false);
  }

  /** Whether the user named a port, be it 0 for a free one: then the REST API answers there. */
  static boolean wantsRest(Configuration user) {
    return user.contains(RestOptions.BIND_PORT);
  }

  private static <T> void preset(Configuration configuration, ConfigOption<T> option, T value) {
    if (!configuration.contains(option)) {
      configuration.set(option, value);
    }
  }
}
