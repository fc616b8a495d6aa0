// What a job asks of the cluster: task slots, network buffers, and the resources of its slots.
package io.pyflinkshell.cluster;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.clusterframework.types.ResourceProfile;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobmanager.scheduler.SlotSharingGroup;

/** An upper estimate; both are freed when the job ends. */
final class JobNeeds {
  /** What Flink asks for a partition that is stored before it is read. */
  private static final int SORT_SHUFFLE_BUFFERS = 16;

  /** Beyond what each partition must have, they share some, so that a fast one need not wait. */
  private static final int SHARED_PER_PARTITION = 8;

  private static final int MOST_SHARED = 256;

  final int slots;
  final long buffers;

  /** The sum over the slots whose resources the program sets; the other slots are all alike. */
  final ResourceProfile resources;

  private final int plainSlots;

  private JobNeeds(int slots, int plainSlots, long buffers, ResourceProfile resources) {
    this.slots = slots;
    this.plainSlots = plainSlots;
    this.buffers = buffers;
    this.resources = resources;
  }

  /** What the job takes of the resources of a TaskManager with so many slots. */
  ResourceProfile takenOf(ResourceProfile total, int slotsOfTotal) {
    ResourceProfile sum = resources;
    if (plainSlots > 0) {
      sum = sum.merge(share(total, plainSlots, Math.max(slotsOfTotal, slots)));
    }
    return sum;
  }

  private static ResourceProfile share(ResourceProfile total, int part, int whole) {
    // Only memory that Flink hands out by the byte can run short.
    return ResourceProfile.newBuilder()
        .setManagedMemory(new MemorySize(total.getManagedMemory().getBytes() / whole * part))
        .build();
  }

  static JobNeeds of(JobGraph graph) {
    Map<Object, Integer> slotsByGroup = new HashMap<>();
    Map<Object, ResourceProfile> resourcesByGroup = new HashMap<>();
    long required = 0;
    long partitions = 0;
    for (JobVertex vertex : graph.getVertices()) {
      int parallelism = Math.max(1, vertex.getParallelism());
      Object group = vertex.getSlotSharingGroup() == null ? vertex : vertex.getSlotSharingGroup();
      slotsByGroup.merge(group, parallelism, Math::max);
      resourcesByGroup.merge(group, resourcesOf(vertex), ResourceProfile::merge);
      for (IntermediateDataSet output : vertex.getProducedDataSets()) {
        int each = subpartitions(output) + 1;
        if (output.getResultType().isBlockingOrBlockingPersistentResultPartition()) {
          each = Math.max(each, SORT_SHUFFLE_BUFFERS);
        }
        required += parallelism * (long) each;
        partitions += parallelism;
      }
      // Inputs of the same process need one buffer each.
      required += parallelism * (long) vertex.getInputs().size();
    }
    long buffers = required + Math.min(MOST_SHARED, partitions * SHARED_PER_PARTITION);
    int slots = 0;
    int plainSlots = 0;
    ResourceProfile resources = ResourceProfile.ZERO;
    for (Map.Entry<Object, Integer> entry : slotsByGroup.entrySet()) {
      ResourceProfile each = resourcesByGroup.get(entry.getKey());
      if (entry.getKey() instanceof SlotSharingGroup) {
        ResourceProfile set = ((SlotSharingGroup) entry.getKey()).getResourceProfile();
        each = set.equals(ResourceProfile.UNKNOWN) ? each : set;
      }
      slots += entry.getValue();
      if (each.equals(ResourceProfile.UNKNOWN)) {
        plainSlots += entry.getValue();
      } else {
        resources = resources.merge(each.multiply(entry.getValue()));
      }
    }
    return new JobNeeds(slots, plainSlots, buffers, resources);
  }

  private static ResourceProfile resourcesOf(JobVertex vertex) {
    return ResourceProfile.fromResourceSpec(vertex.getMinResources(), MemorySize.ZERO);
  }

  private static int subpartitions(IntermediateDataSet output) {
    int most = 1;
    for (JobEdge edge : output.getConsumers()) {
      if (edge.getDistributionPattern() == DistributionPattern.ALL_TO_ALL) {
        most = Math.max(most, edge.getTarget().getParallelism());
      } else {
        int sources = Math.max(1, edge.getSource().getProducer().getParallelism());
        int targets = Math.max(1, edge.getTarget().getParallelism());
        most = Math.max(most, (targets + sources - 1) / sources);
      }
    }
    return most;
  }
}
