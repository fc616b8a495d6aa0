// Decides which edges carry encoded records: those with Python at both ends.
package io.pyflinkshell.graph;

import io.pyflinkshell.graph.PythonNodes.Chain;
import io.pyflinkshell.operator.ChainSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.runtime.partitioner.BroadcastPartitioner;
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
 * Both start as true wherever Python is and are taken back until nothing changes.
 */
final class Encoding {
  private final StreamGraph graph;
  private final Map<Integer, ChainSpec> byTail = new HashMap<>();
  private final Map<Integer, ChainSpec> byHead = new HashMap<>();
  private final Set<Integer> producers = new HashSet<>();
  private final Set<Integer> consumers = new HashSet<>();

  Encoding(StreamGraph graph, List<Chain> chains) {
    this.graph = graph;
    for (Chain chain : chains) {
      byTail.put(chain.tail().getId(), chain.spec);
      byHead.put(chain.head().getId(), chain.spec);
      producers.add(chain.tail().getId());
      consumers.add(chain.head().getId());
    }
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getOperatorFactory() instanceof EncodedConsumer) {
        consumers.add(node.getId());
      }
    }
    boolean changed = true;
    while (changed) {
      changed = producers.removeIf(id -> !readable(graph.getStreamNode(id)));
      changed |= consumers.removeIf(id -> !written(graph.getStreamNode(id)));
    }
  }

  /** Whether the last node of a chain writes encoded records. */
  boolean encodesOutput(StreamNode tail) {
    return producers.contains(tail.getId());
  }

  /** Whether the first node of a chain, or a sink, reads encoded records. */
  boolean encodesInput(StreamNode head) {
    return consumers.contains(head.getId());
  }

  private boolean readable(StreamNode producer) {
    if (producer.getOutEdges().isEmpty()) {
      return false;
    }
    for (StreamEdge edge : producer.getOutEdges()) {
      if (!consumers.contains(edge.getTargetId())
          || edge.getOutputTag() != null
          || !isKnown(edge.getPartitioner())) {
        return false;
      }
    }
    return true;
  }

  private boolean written(StreamNode consumer) {
    byte[] first = null;
    for (StreamEdge edge : consumer.getInEdges()) {
      if (!producers.contains(edge.getSourceId())) {
        return false;
      }
      ChainSpec source = byTail.get(edge.getSourceId());
      byte[] schema = ChainSpec.encodedSchema(source.outValueType());
      if (first != null && !Arrays.equals(first, schema)) {
        return false;
      }
      first = schema;
      ChainSpec target = byHead.get(consumer.getId());
      boolean keyed = target != null && target.inKeyType() != null;
      if (keyed != (source.outKeyType() != null)
          || keyed && !source.outKeyType().equals(target.inKeyType())) {
        return false;
      }
    }
    return first != null;
  }

  /** Custom partitioners look at the value, which they could not read. */
  private static boolean isKnown(StreamPartitioner<?> partitioner) {
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
