// Turns adjacent Python nodes of a translated stream graph into one node each, and lets values stay
// encoded between those that remain. Programs and plans see the names that the peer shows.
package io.pyflinkshell.graph;

import io.pyflinkshell.graph.PythonNodes.Chain;
import io.pyflinkshell.operator.ChainSpec;
import io.pyflinkshell.operator.InputSpec;
import io.pyflinkshell.operator.PythonChainOperatorFactory;
import io.pyflinkshell.operator.PythonStep;
import io.pyflinkshell.operator.SideOutput;
import io.pyflinkshell.operator.TwoInputChainOperatorFactory;
import io.pyflinkshell.types.EncodedRecordSerializer;
import io.pyflinkshell.types.EncodedRecordTypeInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.jobgraph.JobType;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.runtime.partitioner.CustomPartitionerWrapper;
import org.apache.flink.streaming.runtime.partitioner.KeyGroupStreamPartitioner;
import org.apache.flink.util.OutputTag;

/**
 * A StreamNode's operator and name are final, so each Python node is replaced by a new one that
 * takes over everything else of the first node of its chain.
 */
public final class ChainFusion {
  private final StreamGraph graph;
  private final Map<Integer, Transformation<?>> origins = new HashMap<>();

  private ChainFusion(StreamGraph graph, List<Transformation<?>> transformations) {
    this.graph = graph;
    for (Transformation<?> transformation : transformations) {
      origins.put(transformation.getId(), transformation);
    }
  }

  /** Changes {@code graph}, which was made from {@code transformations}. */
  public static void apply(StreamGraph graph, List<Transformation<?>> transformations) {
    new ChainFusion(graph, transformations).run();
  }

  private void run() {
    List<Chain> chains = findChains();
    Encoding encoding = new Encoding(graph, chains);
    boolean batch = graph.getJobType() == JobType.BATCH;
    for (Chain chain : chains) {
      for (int input = 0; input < chain.spec.inputs().size(); input++) {
        boolean encoded = encoding.encodesInput(chain.head(), input);
        chain.spec = chain.spec.withInEncoded(input, encoded);
      }
      chain.spec =
          chain
              .spec
              .withOutEncoded(encoding.encodesOutput(chain.tail(), null))
              .withBatchMode(batch);
      countPartitions(chain);
      nameSideOutputs(chain, encoding);
    }
    encoding.applyToIterations();
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getOperatorFactory() instanceof EncodedConsumer) {
        tellConsumer(node, encoding);
      }
    }
    for (Chain chain : chains) {
      replace(chain);
    }
  }

  /** A partitioner chooses from the instances of the node behind it, so their number is fixed. */
  private void countPartitions(Chain chain) {
    int last = chain.spec.steps().size() - 1;
    if (chain.spec.lastStep().kind() != PythonStep.PARTITION) {
      return;
    }
    for (StreamEdge edge : chain.tail().getOutEdges()) {
      StreamNode target = graph.getStreamNode(edge.getTargetId());
      chain.spec =
          chain.spec.withStep(last, chain.spec.lastStep().withPartitions(target.getParallelism()));
    }
  }

  /** Each node of the chain has one step yet, which gets the side outputs that the edges read. */
  private void nameSideOutputs(Chain chain, Encoding encoding) {
    for (int i = 0; i < chain.nodes.size(); i++) {
      int number = i;
      Map<String, SideOutput> outputs = new LinkedHashMap<>();
      for (StreamEdge edge : PythonNodes.sideEdges(chain.nodes.get(i))) {
        OutputTag<?> tag = edge.getOutputTag();
        boolean encoded = encoding.encodesOutput(chain.nodes.get(i), tag);
        outputs.computeIfAbsent(tag.getId(), id -> new SideOutput(tag, number, encoded));
      }
      PythonStep step = chain.spec.steps().get(i);
      chain.spec = chain.spec.withStep(i, step.withSideOutputs(new ArrayList<>(outputs.values())));
    }
  }

  private void tellConsumer(StreamNode node, Encoding encoding) {
    boolean encoded = encoding.encodesInput(node, 0);
    byte[] schema = null;
    if (encoded) {
      schema = ChainSpec.encodedSchema(encoding.valueType(node.getInEdges().get(0)));
      node.setSerializersIn(EncodedRecordSerializer.INSTANCE);
    }
    ((EncodedConsumer) node.getOperatorFactory()).useInput(encoded, schema);
  }

  private List<Chain> findChains() {
    List<StreamNode> nodes = new ArrayList<>(graph.getStreamNodes());
    nodes.sort(Comparator.comparingInt(StreamNode::getId));
    Map<Integer, StreamEdge> next = new HashMap<>();
    Set<Integer> joined = new HashSet<>();
    for (StreamNode node : nodes) {
      StreamEdge edge = PythonNodes.fusibleEdge(graph, origins, node);
      if (edge != null) {
        next.put(node.getId(), edge);
        joined.add(edge.getTargetId());
      }
    }
    List<Chain> chains = new ArrayList<>();
    for (StreamNode node : nodes) {
      if (PythonNodes.specOf(node) != null && !joined.contains(node.getId())) {
        chains.add(chainFrom(node, next));
      }
    }
    return chains;
  }

  private Chain chainFrom(StreamNode head, Map<Integer, StreamEdge> next) {
    Chain chain = new Chain();
    StreamNode node = head;
    while (node != null) {
      chain.nodes.add(node);
      ChainSpec spec = PythonNodes.specOf(node).withName(node.getOperatorName());
      chain.spec = chain.spec == null ? spec : chain.spec.then(spec);
      StreamEdge edge = next.get(node.getId());
      node = edge == null ? null : graph.getStreamNode(edge.getTargetId());
    }
    return chain;
  }

  private void replace(Chain chain) {
    StreamNode head = chain.head();
    StreamNode tail = chain.tail();
    ChainSpec spec = chain.spec;
    List<StreamEdge> inEdges = new ArrayList<>(head.getInEdges());
    List<StreamEdge> outEdges = PythonNodes.mainEdges(tail);
    for (StreamNode node : chain.nodes) {
      outEdges.addAll(PythonNodes.sideEdges(node));
    }
    int id = head == tail ? head.getId() : Transformation.getNewNodeId();

    graph.getStreamNodes().removeAll(chain.nodes);
    addOperator(id, head, spec);
    StreamNode node = graph.getStreamNode(id);
    copySettings(head, node, chain);
    for (StreamEdge edge : inEdges) {
      StreamNode source = graph.getStreamNode(edge.getSourceId());
      StreamEdge moved = move(edge, source, node, edge.getOutputTag());
      InputSpec input = spec.inputs().get(PythonNodes.inputOf(edge));
      if (input.isEncoded()) {
        useEncodedKey(moved, input.keyType());
      }
      source.getOutEdges().set(source.getOutEdges().indexOf(edge), moved);
      node.addInEdge(moved);
    }
    for (StreamEdge edge : outEdges) {
      StreamNode target = graph.getStreamNode(edge.getTargetId());
      StreamEdge moved = move(edge, node, target, edgeTag(chain, edge));
      target.getInEdges().set(target.getInEdges().indexOf(edge), moved);
      node.addOutEdge(moved);
    }
    useEncodedKeys(node, spec);
  }

  private void addOperator(int id, StreamNode head, ChainSpec spec) {
    List<TypeInformation<Object>> in = new ArrayList<>();
    for (InputSpec input : spec.inputs()) {
      in.add(cast(input.isEncoded() ? EncodedRecordTypeInfo.INSTANCE : input.javaType()));
    }
    TypeInformation<Object> out =
        cast(spec.isOutEncoded() ? EncodedRecordTypeInfo.INSTANCE : spec.outJavaType());
    String group = head.getSlotSharingGroup();
    String coLocation = head.getCoLocationGroup();
    String name = spec.joinedName();
    if (in.size() == 1) {
      graph.addOperator(
          id,
          group,
          coLocation,
          new PythonChainOperatorFactory<>(spec, head.getOperatorFactory()),
          in.get(0),
          out,
          name);
    } else {
      graph.addCoOperator(
          id,
          group,
          coLocation,
          new TwoInputChainOperatorFactory<>(spec, head.getOperatorFactory()),
          in.get(0),
          in.get(1),
          out,
          name);
    }
  }

  /** Flink's state and its sorting in batch mode find the keys of encoded records. */
  private static void useEncodedKeys(StreamNode node, ChainSpec spec) {
    KeySelector<?, ?>[] selectors = node.getStatePartitioners().clone();
    if (selectors.length == 0) {
      return;
    }
    for (int i = 0; i < spec.inputs().size(); i++) {
      InputSpec input = spec.inputs().get(i);
      if (input.isEncoded() && input.keyType() != null) {
        selectors[i] = new EncodedKeySelector(input.keyType());
      }
    }
    node.setStatePartitioners(selectors);
  }

  @SuppressWarnings("unchecked")
  private static TypeInformation<Object> cast(TypeInformation<?> type) {
    return (TypeInformation<Object>) type;
  }

  private void copySettings(StreamNode from, StreamNode to, Chain chain) {
    int id = to.getId();
    Transformation<?> origin = origins.get(from.getId());
    graph.setParallelism(
        id,
        from.getParallelism(),
        origin == null || origin.isParallelismConfigured() || isPartitioned(from));
    if (origin != null) {
      graph.setMaxParallelism(id, origin.getMaxParallelism());
    }
    graph.setResources(id, from.getMinResources(), from.getPreferredResources());
    graph.setBufferTimeout(id, chain.tail().getBufferTimeout());
    for (StreamNode node : chain.nodes) {
      // The first name that the program gave to any part of the chain names its state.
      if (node.getTransformationUID() != null && to.getTransformationUID() == null) {
        graph.setTransformationUID(id, node.getTransformationUID());
      }
      if (node.getUserHash() != null && to.getUserHash() == null) {
        to.setUserHash(node.getUserHash());
      }
    }
    to.setManagedMemoryUseCaseWeights(
        from.getManagedMemoryOperatorScopeUseCaseWeights(),
        from.getManagedMemorySlotScopeUseCases());
    from.getInputRequirements().forEach(to::addInputRequirement);
    if (from.getStatePartitioners().length > 0) {
      to.setStatePartitioners(from.getStatePartitioners());
      to.setStateKeySerializer(from.getStateKeySerializer());
    }
    to.setOperatorDescription(describe(chain));
  }

  /** As the peer's plans: what was described, or the names when nothing was. */
  private static String describe(Chain chain) {
    List<String> descriptions = new ArrayList<>();
    for (StreamNode node : chain.nodes) {
      if (!node.getOperatorName().equals(node.getOperatorDescription())) {
        descriptions.add(node.getOperatorDescription());
      }
    }
    return descriptions.isEmpty() ? chain.spec.joinedName() : String.join(", ", descriptions);
  }

  private static boolean isPartitioned(StreamNode node) {
    for (StreamEdge edge : node.getInEdges()) {
      if (edge.getPartitioner() instanceof CustomPartitionerWrapper) {
        return true;
      }
    }
    return false;
  }

  private static OutputTag<?> edgeTag(Chain chain, StreamEdge edge) {
    if (edge.getOutputTag() == null) {
      return null;
    }
    for (int i = 0; i < chain.nodes.size(); i++) {
      for (SideOutput side : chain.spec.steps().get(i).sideOutputs()) {
        if (chain.nodes.get(i).getId() == edge.getSourceId()
            && side.id().equals(edge.getOutputTag().getId())) {
          return side.edgeTag();
        }
      }
    }
    throw new IllegalStateException("no side output for " + edge);
  }

  private static StreamEdge move(
      StreamEdge edge, StreamNode source, StreamNode target, OutputTag<?> tag) {
    // Two edges between the same nodes stay different through their number.
    int number = 0;
    for (StreamEdge other : target.getInEdges()) {
      number += other.getSourceId() == source.getId() ? 1 : 0;
    }
    for (StreamEdge other : source.getOutEdges()) {
      number += other.getTargetId() == target.getId() ? 1 : 0;
    }
    StreamEdge moved =
        new StreamEdge(
            source,
            target,
            edge.getTypeNumber(),
            edge.getBufferTimeout(),
            edge.getPartitioner(),
            tag,
            edge.getExchangeMode(),
            number,
            edge.getIntermediateDatasetIdToProduce());
    moved.setSupportsUnalignedCheckpoints(edge.supportsUnalignedCheckpoints());
    return moved;
  }

  private static void useEncodedKey(StreamEdge edge, TypeInformation<?> keyType) {
    if (edge.getPartitioner() instanceof CustomPartitionerWrapper) {
      edge.setPartitioner(ChosenPartition.partitioner(new EncodedKeySelector(keyType)));
    }
    if (edge.getPartitioner() instanceof KeyGroupStreamPartitioner) {
      int maxParallelism =
          ((KeyGroupStreamPartitioner<?, ?>) edge.getPartitioner()).getMaxParallelism();
      edge.setPartitioner(
          new KeyGroupStreamPartitioner<>(new EncodedKeySelector(keyType), maxParallelism));
    }
  }
}
