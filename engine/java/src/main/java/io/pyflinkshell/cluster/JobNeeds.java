// What a job asks of the cluster: task slots and network buffers.
package io.pyflinkshell.cluster;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;

/** An upper estimate; both are freed when the job ends. */
final class JobNeeds {
  /** What Flink asks for a partition that is stored before it is read. */
  private static final int SORT_SHUFFLE_BUFFERS = 16;

  /** Beyond what each partition must have, they share some, so that a fast one need not wait. */
  private static final int SHARED_PER_PARTITION = 8;

  private static final int MOST_SHARED = 256;

  final int slots;
  final long buffers;

  private JobNeeds(int slots, long buffers) {
    this.slots = slots;
    this.buffers = buffers;
  }

  static JobNeeds of(JobGraph graph) {
    Map<Object, Integer> slotsByGroup = new HashMap<>();
    long required = 0;
    long partitions = 0;
    for (JobVertex vertex : graph.getVertices()) {
      int parallelism = Math.max(1, vertex.getParallelism());
      Object group = vertex.getSlotSharingGroup() == null ? vertex : vertex.getSlotSharingGroup();
      slotsByGroup.merge(group, parallelism, Math::max);
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
    int slots = slotsByGroup.values().stream().mapToInt(Integer::intValue).sum();
    return new JobNeeds(slots, buffers);
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
