// Decides which edges carry encoded records: those with Python at both ends.
package io.pyflinkshell.graph;

import io.pyflinkshell.graph.PythonNodes.Chain;
import io.pyflinkshell.operator.ChainSpec;
import io.pyflinkshell.operator.PythonStep;
import io.pyflinkshell.types.EncodedRecordSerializer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
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
import org.apache.flink.util.OutputTag;

/**
 * An output is encoded when every consumer can read it, an input when every producer writes it so.
 * Both start as true wherever Python is and are taken back until nothing changes. A node with two
 * inputs decides for each; where both are keyed they agree, so that equal keys have equal bytes.
 * What an iteration feeds back passes a pair of Flink's nodes, which take any form: it is the same
 * on both.
 */
final class Encoding {
  private final StreamGraph graph;
  private final Map<Integer, ChainSpec> byTail = new HashMap<>();
  private final Map<Integer, ChainSpec> byHead = new HashMap<>();

  /** From the sink of an iteration to its source and back. */
  private final Map<Integer, Integer> iterationSources = new HashMap<>();

  private final Map<Integer, Integer> iterationSinks = new HashMap<>();

  /** Names of outputs, see {@link #output}. */
  private final Set<String> producers = new HashSet<>();

  /** Inputs of nodes, see {@link #port}. */
  private final Set<Long> consumers = new HashSet<>();

  Encoding(StreamGraph graph, List<Chain> chains) {
    this.graph = graph;
    for (Chain chain : chains) {
      byTail.put(chain.tail().getId(), chain.spec);
      byHead.put(chain.head().getId(), chain.spec);
      producers.add(output(chain.tail().getId(), null));
      for (int input = 0; input < chain.spec.inputs().size(); input++) {
        consumers.add(port(chain.head().getId(), input));
      }
      for (StreamNode node : chain.nodes) {
        for (StreamEdge edge : PythonNodes.sideEdges(node)) {
          producers.add(output(edge.getSourceId(), edge.getOutputTag()));
        }
      }
    }
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getOperatorFactory() instanceof EncodedConsumer) {
        consumers.add(port(node.getId(), 0));
      }
    }
    for (Tuple2<StreamNode, StreamNode> pair : graph.getIterationSourceSinkPairs()) {
      iterationSources.put(pair.f1.getId(), pair.f0.getId());
      iterationSinks.put(pair.f0.getId(), pair.f1.getId());
      producers.add(output(pair.f0.getId(), null));
      consumers.add(port(pair.f1.getId(), 0));
    }
    settle();
  }

  private void settle() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (StreamNode node : graph.getStreamNodes()) {
        int id = node.getId();
        for (StreamEdge edge : node.getOutEdges()) {
          String output = output(id, edge.getOutputTag());
          changed |= !readable(edge) && producers.remove(output);
        }
        if (node.getOutEdges().isEmpty()) {
          changed |= producers.remove(output(id, null));
        }
        for (int input = 0; input < 2; input++) {
          long port = port(id, input);
          changed |= consumers.contains(port) && !written(node, input) && consumers.remove(port);
        }
        Integer source = iterationSources.get(id);
        if (source != null
            && consumers.contains(port(id, 0)) != producers.contains(output(source, null))) {
          consumers.remove(port(id, 0));
          producers.remove(output(source, null));
          changed = true;
        }
      }
    }
  }

  /** One input of a node; the nodes of iterations have negative numbers. */
  private static long port(int node, int input) {
    return (long) node << 1 | input;
  }

  /** The name of what a node sends to a side output, or of the rest when the tag is null. */
  private static String output(int node, OutputTag<?> tag) {
    return tag == null ? Integer.toString(node) : node + "/" + tag.getId();
  }

  /** Whether what a node tags, or the last node of a chain does not tag, is encoded. */
  boolean encodesOutput(StreamNode node, OutputTag<?> tag) {
    return producers.contains(output(node.getId(), tag));
  }

  /** Whether the first node of a chain, or a sink, reads encoded records at an input. */
  boolean encodesInput(StreamNode head, int input) {
    return consumers.contains(port(head.getId(), input));
  }

  /** Lets the nodes of each iteration pass encoded records on where Python is all around. */
  void applyToIterations() {
    for (Tuple2<StreamNode, StreamNode> pair : graph.getIterationSourceSinkPairs()) {
      if (consumers.contains(port(pair.f1.getId(), 0))) {
        pair.f0.setSerializerOut(EncodedRecordSerializer.INSTANCE);
        pair.f1.setSerializersIn(EncodedRecordSerializer.INSTANCE);
      }
    }
  }

  private boolean readable(StreamEdge edge) {
    return consumers.contains(port(edge.getTargetId(), PythonNodes.inputOf(edge)))
        && isKnown(edge.getPartitioner(), byTail.get(edge.getSourceId()));
  }

  private boolean written(StreamNode consumer, int input) {
    ChainSpec target = byHead.get(consumer.getId());
    TypeInformation<?> keyType = target == null ? null : target.inputs().get(input).keyType();
    if (keyType != null && target.inputs().size() == 2) {
      boolean otherKeyed = target.inputs().get(1 - input).keyType() != null;
      if (otherKeyed && !consumers.contains(port(consumer.getId(), 1 - input))) {
        return false;
      }
    }
    byte[] first = null;
    for (StreamEdge edge : consumer.getInEdges()) {
      if (PythonNodes.inputOf(edge) != input) {
        continue;
      }
      if (!producers.contains(output(edge.getSourceId(), edge.getOutputTag()))) {
        return false;
      }
      byte[] schema = ChainSpec.encodedSchema(valueType(edge));
      if (first != null && !Arrays.equals(first, schema)) {
        return false;
      }
      first = schema;
      if (!Objects.equals(keyType, keyType(edge))) {
        return false;
      }
    }
    return first != null;
  }

  /** Type of the values, without keys, on an edge from a Python node or an iteration. */
  TypeInformation<?> valueType(StreamEdge edge) {
    if (edge.getOutputTag() != null) {
      return edge.getOutputTag().getTypeInfo();
    }
    Integer sink = iterationSinks.get(edge.getSourceId());
    if (sink != null) {
      return valueType(graph.getStreamNode(sink).getInEdges().get(0));
    }
    return byTail.get(edge.getSourceId()).outValueType();
  }

  private TypeInformation<?> keyType(StreamEdge edge) {
    ChainSpec source = byTail.get(edge.getSourceId());
    return edge.getOutputTag() != null || source == null ? null : source.outKeyType();
  }

  /** Java's custom partitioners look at the value, which they could not read; Python's have. */
  private static boolean isKnown(StreamPartitioner<?> partitioner, ChainSpec producer) {
    if (partitioner instanceof CustomPartitionerWrapper) {
      return producer != null && producer.lastStep().kind() == PythonStep.PARTITION;
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
}
