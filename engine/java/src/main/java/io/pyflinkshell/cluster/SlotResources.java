// What one TaskManager of the session has for slots whose resources a program sets.
package io.pyflinkshell.cluster;

import java.util.Map;
import org.apache.flink.api.common.resources.ExternalResource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.types.ResourceProfile;
import org.apache.flink.runtime.taskexecutor.TaskExecutorResourceUtils;

/** Flink would wait for minutes for a slot that can never be; here it is an error at once. */
final class SlotResources {
  private SlotResources() {}

  /** All resources of a TaskManager that starts with {@code configuration}. */
  static ResourceProfile total(Configuration configuration) {
    return TaskExecutorResourceUtils.generateTotalAvailableResourceProfile(
        TaskExecutorResourceUtils.resourceSpecFromConfigForLocalExecution(
            new Configuration(configuration)));
  }

  /**
   * Passes when a job has room in an empty TaskManager.
   *
   * @throws IllegalArgumentException it has not; names the resource and the option to set
   */
  static void check(JobNeeds needs, Configuration configuration) {
    if (needs.resources.equals(ResourceProfile.ZERO)) {
      return;
    }
    ResourceProfile total = total(configuration);
    int slots = configuration.get(TaskManagerOptions.NUM_TASK_SLOTS);
    ResourceProfile taken = needs.takenOf(total, slots);
    if (taken.getCpuCores().compareTo(total.getCpuCores()) > 0) {
      throw refuse(
          taken.getCpuCores().getValue() + " CPU cores",
          total.getCpuCores().getValue().toString(),
          TaskManagerOptions.CPU_CORES.key());
    }
    check("heap", taken.getTaskHeapMemory(), total.getTaskHeapMemory(), "task.heap");
    check(
        "memory outside the heap",
        taken.getTaskOffHeapMemory(),
        total.getTaskOffHeapMemory(),
        "task.off-heap");
    check("managed memory", taken.getManagedMemory(), total.getManagedMemory(), "managed");
    for (Map.Entry<String, ExternalResource> asked : taken.getExtendedResources().entrySet()) {
      ExternalResource there = total.getExtendedResources().get(asked.getKey());
      if (there == null || there.compareTo(asked.getValue()) < 0) {
        String name = asked.getKey();
        throw refuse(
            asked.getValue().getValue() + " of the resource '" + name + "'",
            there == null ? "none" : there.getValue().toString(),
            "external-resources=" + name + " and external-resource." + name + ".amount");
      }
    }
  }

  private static void check(String what, MemorySize asked, MemorySize there, String option) {
    if (asked.compareTo(there) > 0) {
      throw refuse(
          asked.toHumanReadableString() + " of " + what,
          there.toHumanReadableString(),
          "taskmanager.memory." + option + ".size");
    }
  }

  private static IllegalArgumentException refuse(String asked, String there, String option) {
    return new IllegalArgumentException(
        "the slots of the job ask for "
            + asked
            + " together, and the session has "
            + there
            + "; ask for less in the slot sharing group or resource spec, or set "
            + option
            + " (-D, or the configuration of the environment)");
  }
}
