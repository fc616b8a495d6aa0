// Decides which edges carry encoded records: those with Python at both ends.
package io.pyflinkshell.graph;

import io.pyflinkshell.graph.PythonNodes.Chain;
import io.pyflinkshell.operator.ChainSpec;
import io.pyflinkshell.operator.PythonStep;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.runtime.partitioner.BroadcastPartitioner;
import org.apache.flink.streaming.runtime.partitioner.CustomPartitionerWrapper;
import org.apache.flink.streaming.runtime.partitioner.ForwardForConsecutiveHashPartitioner;
import org.apache.flink.streaming.runtime.partitioner.ForwardPartitioner;
import org.apache.flink.streaming.runtime.partitioner.GlobalPartitioner;
import org.apache.flink.streaming.runtime.partitioner.KeyGroupStreamPartitioner;
import org.apache.flink.streaming.runtime.partitioner.RebalancePartitioner;
import org.apache.flink.streaming.runtime.partitioner.RescalePartitioner;
import org.apache.flink.streaming.runtime.partitioner.ShufflePartitioner;
import org.apache.flink.streaming.runtime.partitioner.StreamPartitioner;

/**
 * An output is encoded when every consumer can read it, an input when every producer writes it so.
 * Both start as true wherever Python is and are taken back until nothing changes. A node with two
 * inputs decides for each; where both are keyed they agree, so that equal keys have equal bytes.
 */
final class Encoding {
  private final StreamGraph graph;
  private final Map<Integer, ChainSpec> byTail = new HashMap<>();
  private final Map<Integer, ChainSpec> byHead = new HashMap<>();
  private final Set<Integer> producers = new HashSet<>();
  private final Set<Long> consumers = new HashSet<>();

  Encoding(StreamGraph graph, List<Chain> chains) {
    this.graph = graph;
    for (Chain chain : chains) {
      byTail.put(chain.tail().getId(), chain.spec);
      byHead.put(chain.head().getId(), chain.spec);
      producers.add(chain.tail().getId());
      for (int input = 0; input < chain.spec.inputs().size(); input++) {
        consumers.add(port(chain.head().getId(), input));
      }
    }
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getOperatorFactory() instanceof EncodedConsumer) {
        consumers.add(port(node.getId(), 0));
      }
    }
    boolean changed = true;
    while (changed) {
      changed = producers.removeIf(id -> !readable(graph.getStreamNode(id)));
      changed |= consumers.removeIf(port -> !written(port));
    }
  }

  /** One input of a node. */
  private static long port(int node, int input) {
    return (long) node << 1 | input;
  }

  /** Whether the last node of a chain writes encoded records. */
  boolean encodesOutput(StreamNode tail) {
    return producers.contains(tail.getId());
  }

  /** Whether the first node of a chain, or a sink, reads encoded records at an input. */
  boolean encodesInput(StreamNode head, int input) {
    return consumers.contains(port(head.getId(), input));
  }

  private boolean readable(StreamNode producer) {
    if (producer.getOutEdges().isEmpty()) {
      return false;
    }
    for (StreamEdge edge : producer.getOutEdges()) {
      if (!consumers.contains(port(edge.getTargetId(), PythonNodes.inputOf(edge)))
          || edge.getOutputTag() != null
          || !isKnown(edge.getPartitioner(), byTail.get(producer.getId()))) {
        return false;
      }
    }
    return true;
  }

  private boolean written(long port) {
    int id = (int) (port >> 1);
    int input = (int) (port & 1);
    ChainSpec target = byHead.get(id);
    TypeInformation<?> keyType = target == null ? null : target.inputs().get(input).keyType();
    if (keyType != null && target.inputs().size() == 2) {
      boolean otherKeyed = target.inputs().get(1 - input).keyType() != null;
      if (otherKeyed && !consumers.contains(port(id, 1 - input))) {
        return false;
      }
    }
    byte[] first = null;
    for (StreamEdge edge : graph.getStreamNode(id).getInEdges()) {
      if (PythonNodes.inputOf(edge) != input) {
        continue;
      }
      if (!producers.contains(edge.getSourceId())) {
        return false;
      }
      ChainSpec source = byTail.get(edge.getSourceId());
      byte[] schema = ChainSpec.encodedSchema(source.outValueType());
      if (first != null && !Arrays.equals(first, schema)) {
        return false;
      }
      first = schema;
      if (!Objects.equals(keyType, source.outKeyType())) {
        return false;
      }
    }
    return first != null;
  }

  /** Java's custom partitioners look at the value, which they could not read; Python's have. */
  private static boolean isKnown(StreamPartitioner<?> partitioner, ChainSpec producer) {
    if (partitioner instanceof CustomPartitionerWrapper) {
      return producer.lastStep().kind() == PythonStep.PARTITION;
    }
    return partitioner instanceof ForwardPartitioner
            && !(partitioner instanceof ForwardForConsecutiveHashPartitioner)
        || partitioner instanceof KeyGroupStreamPartitioner
        || partitioner instanceof RebalancePartitioner
        || partitioner instanceof RescalePartitioner
        || partitioner instanceof ShufflePartitioner
        || partitioner instanceof BroadcastPartitioner
        || partitioner instanceof GlobalPartitioner;
  }

  ChainSpec specOfProducer(int tailId) {
    return byTail.get(tailId);
  }

  StreamGraph graph() {
    return graph;
  }
}
