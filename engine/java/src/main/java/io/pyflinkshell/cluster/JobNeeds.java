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
  /** Floating buffers that a partition or an input works well with. */
  private static final int FLOATING = 8;

  final int slots;
  final long buffers;

  private JobNeeds(int slots, long buffers) {
    this.slots = slots;
    this.buffers = buffers;
  }

  static JobNeeds of(JobGraph graph) {
    Map<Object, Integer> slotsByGroup = new HashMap<>();
    long buffers = 0;
    for (JobVertex vertex : graph.getVertices()) {
      int parallelism = Math.max(1, vertex.getParallelism());
      Object group = vertex.getSlotSharingGroup() == null ? vertex : vertex.getSlotSharingGroup();
      slotsByGroup.merge(group, parallelism, Math::max);
      for (IntermediateDataSet output : vertex.getProducedDataSets()) {
        buffers += parallelism * (long) (subpartitions(output) + 1 + FLOATING);
      }
      buffers += parallelism * (long) FLOATING * vertex.getInputs().size();
    }
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
