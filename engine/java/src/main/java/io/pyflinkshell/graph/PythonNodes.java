// The chains of Python nodes in a stream graph, before and after they become one node each.
package io.pyflinkshell.graph;

import io.pyflinkshell.operator.ChainSpec;
import io.pyflinkshell.operator.PythonOperatorFactory;
import io.pyflinkshell.operator.PythonStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.transformations.StreamExchangeMode;
import org.apache.flink.streaming.runtime.partitioner.ForwardForConsecutiveHashPartitioner;
import org.apache.flink.streaming.runtime.partitioner.ForwardPartitioner;

/** Finds what may be fused. */
final class PythonNodes {
  /** As with the peer, disabling the chaining of tasks does not separate Python operators. */
  private static final ConfigOption<Boolean> CHAINING =
      ConfigOptions.key("python.operator-chaining.enabled").booleanType().defaultValue(true);

  private PythonNodes() {}

  private static boolean isEnabled(StreamGraph graph) {
    return graph.getJobConfiguration().get(CHAINING);
  }

  /** Adjacent nodes that run as one, first to last, and the specification of the whole. */
  static final class Chain {
    final List<StreamNode> nodes = new ArrayList<>();
    ChainSpec spec;

    StreamNode head() {
      return nodes.get(0);
    }

    StreamNode tail() {
      return nodes.get(nodes.size() - 1);
    }
  }

  /** The specification of a Python node, or null for any other node. */
  static ChainSpec specOf(StreamNode node) {
    return node.getOperatorFactory() instanceof PythonOperatorFactory
        ? ((PythonOperatorFactory) node.getOperatorFactory()).spec()
        : null;
  }

  /**
   * Which input of its target an edge leads to, from 0. Flink counts from 1 where there are two.
   */
  static int inputOf(StreamEdge edge) {
    return Math.max(0, edge.getTypeNumber() - 1);
  }

  /** The edge from this node to the Python node that can join its chain, or null. */
  static StreamEdge fusibleEdge(
      StreamGraph graph, Map<Integer, Transformation<?>> origins, StreamNode from) {
    List<StreamEdge> edges = mainEdges(from);
    if (specOf(from) == null || edges.size() != 1 || !isEnabled(graph)) {
      return null;
    }
    StreamEdge edge = edges.get(0);
    StreamNode to = graph.getStreamNode(edge.getTargetId());
    return fits(edge) && fits(origins, from, to) ? edge : null;
  }

  /** The edges that carry what is not tagged. */
  static List<StreamEdge> mainEdges(StreamNode node) {
    List<StreamEdge> edges = new ArrayList<>(node.getOutEdges());
    edges.removeIf(edge -> edge.getOutputTag() != null);
    return edges;
  }

  /** The edges of side outputs. */
  static List<StreamEdge> sideEdges(StreamNode node) {
    List<StreamEdge> edges = new ArrayList<>(node.getOutEdges());
    edges.removeIf(edge -> edge.getOutputTag() == null);
    return edges;
  }

  private static boolean fits(StreamEdge edge) {
    return edge.getPartitioner() instanceof ForwardPartitioner
        && !(edge.getPartitioner() instanceof ForwardForConsecutiveHashPartitioner)
        && edge.getExchangeMode() != StreamExchangeMode.BATCH;
  }

  private static boolean fits(
      Map<Integer, Transformation<?>> origins, StreamNode from, StreamNode to) {
    ChainSpec next = specOf(to);
    return next != null
        && next.inputs().size() == 1
        && next.stateKeyType() == null
        && !next.reducesWholeStream()
        && specOf(from).outKeyType() == null
        && specOf(from).lastStep().kind() != PythonStep.WATERMARKS
        && (next.lastStep().kind() != PythonStep.WATERMARKS || specOf(from).inputs().size() == 1)
        && to.getInEdges().size() == 1
        && from.getParallelism() == to.getParallelism()
        && from.isSameSlotSharingGroup(to)
        && slotSharingGroup(origins, from).equals(slotSharingGroup(origins, to))
        && from.getMinResources().equals(to.getMinResources())
        && from.getOperatorFactory().getChainingStrategy() != ChainingStrategy.NEVER
        && to.getOperatorFactory().getChainingStrategy() == ChainingStrategy.ALWAYS
        && maxParallelism(origins, from) == maxParallelism(origins, to);
  }

  /** What the program said of this node itself: as in the peer's plans, both have to say it. */
  private static String slotSharingGroup(Map<Integer, Transformation<?>> origins, StreamNode node) {
    Transformation<?> origin = origins.get(node.getId());
    return origin == null
        ? ""
        : origin.getSlotSharingGroup().map(SlotSharingGroup::getName).orElse("");
  }

  private static int maxParallelism(Map<Integer, Transformation<?>> origins, StreamNode node) {
    Transformation<?> origin = origins.get(node.getId());
    return origin == null ? -1 : origin.getMaxParallelism();
  }
}
