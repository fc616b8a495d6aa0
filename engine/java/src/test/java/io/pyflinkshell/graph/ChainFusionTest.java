// The shape of the graph after fusion: names, edges, forms of the records, settings of the nodes.
package io.pyflinkshell.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pyflinkshell.api.PythonTransforms;
import io.pyflinkshell.cluster.SessionEnvironment;
import io.pyflinkshell.operator.ChainSpec;
import io.pyflinkshell.operator.PythonStep;
import io.pyflinkshell.operator.PythonWatermarks;
import io.pyflinkshell.operator.SideOutput;
import io.pyflinkshell.types.EncodedKeySerializer;
import io.pyflinkshell.types.EncodedRecordSerializer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.IterativeStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChainFusionTest {
  private SessionEnvironment env;

  @BeforeEach
  void environment() throws Exception {
    env = SessionEnvironment.create(new Configuration());
    env.setParallelism(2);
  }

  private DataStream<?> source() {
    return env.fromSequence(1, 10);
  }

  private static SingleOutputStreamOperator<?> map(DataStream<?> in, TypeInformation<?> type) {
    return PythonTransforms.oneInput(in, PythonStep.MAP, "Map", new byte[0], type);
  }

  private static void sink(DataStream<?> stream) {
    stream.sinkTo(new DiscardingSink<>());
  }

  private List<String> shape(StreamGraph graph) {
    List<String> shape = new ArrayList<>();
    for (StreamNode node : graph.getStreamNodes()) {
      for (StreamEdge edge : node.getOutEdges()) {
        StreamNode target = graph.getTargetVertex(edge);
        assertTrue(target.getInEdges().contains(edge), "both ends know the edge");
        shape.add(
            node.getOperatorName() + " " + edge.getPartitioner() + " " + target.getOperatorName());
      }
    }
    shape.sort(null);
    return shape;
  }

  private static StreamNode node(StreamGraph graph, String name) {
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getOperatorName().equals(name)) {
        return node;
      }
    }
    throw new AssertionError("no node " + name);
  }

  @Test
  void neighboursBecomeOneNode() {
    DataStream<?> maps = map(map(source(), Types.LONG).name("First").uid("one"), null);
    KeyedStream<?, ?> keyed = PythonTransforms.keyBy(maps, new byte[0], Types.STRING);
    sink(PythonTransforms.keyed(keyed, PythonStep.REDUCE, "Reduce", new byte[0], null));
    StreamGraph graph = env.getStreamGraph(false);
    String head = "First, Map, _stream_key_by_map_operator";
    assertEquals(
        List.of(
            head + " HASH Reduce",
            "Reduce FORWARD Sink: Writer",
            "Source: Sequence Source FORWARD " + head),
        shape(graph));
    StreamNode first = node(graph, head);
    assertEquals("one", first.getTransformationUID());
    assertEquals(2, first.getParallelism());
    assertEquals(head, first.getOperatorDescription());
    // Encoded over the exchange, Java's objects at both outer ends.
    assertEquals(EncodedRecordSerializer.INSTANCE, first.getTypeSerializerOut());
    StreamNode reduce = node(graph, "Reduce");
    assertEquals(EncodedRecordSerializer.INSTANCE, reduce.getTypeSerializersIn()[0]);
    assertTrue(reduce.getStatePartitioners()[0] instanceof EncodedKeySelector);
    ChainSpec spec = PythonNodes.specOf(reduce);
    assertTrue(spec.inputs().get(0).isEncoded());
    assertFalse(spec.isOutEncoded());
    // The program is unchanged: the same plan again, and a job graph from it.
    assertEquals(shape(graph), shape(env.getStreamGraph(false)));
    assertEquals(2, graph.getJobGraph().getNumberOfVertices());
  }

  @Test
  void undeclaredKeysAreBytes() {
    KeyedStream<?, ?> keyed = PythonTransforms.keyBy(map(source(), null), new byte[0], null);
    sink(PythonTransforms.keyed(keyed, PythonStep.REDUCE, "Reduce", new byte[0], null));
    StreamNode reduce = node(env.getStreamGraph(), "Reduce");
    assertEquals(EncodedKeySerializer.INSTANCE, reduce.getStateKeySerializer());
  }

  @Test
  void fanOutAndUnionKeepTheirNodes() {
    DataStream<?> s = map(source(), Types.LONG);
    DataStream<?> left = map(map(s, Types.LONG).name("L1"), Types.LONG).name("L2");
    DataStream<?> right = map(s, Types.LONG).name("R");
    sink(map(union(left, right), Types.LONG).name("U"));
    StreamGraph graph = env.getStreamGraph();
    assertEquals(
        List.of(
            "L1, L2 FORWARD U",
            "Map FORWARD L1, L2",
            "Map FORWARD R",
            "R FORWARD U",
            "Source: Sequence Source FORWARD Map",
            "U FORWARD Sink: Writer"),
        shape(graph));
    assertTrue(PythonNodes.specOf(node(graph, "U")).inputs().get(0).isEncoded());
  }

  @SuppressWarnings("unchecked")
  private static DataStream<Object> union(DataStream<?> a, DataStream<?> b) {
    return ((DataStream<Object>) a).union((DataStream<Object>) b);
  }

  @Test
  void aJavaConsumerGetsJavaObjects() {
    DataStream<?> s = map(source(), Types.LONG);
    sink(map(s.rebalance(), Types.LONG).name("P"));
    sink(s);
    StreamGraph graph = env.getStreamGraph();
    assertFalse(PythonNodes.specOf(node(graph, "Map")).isOutEncoded());
    assertFalse(PythonNodes.specOf(node(graph, "P")).inputs().get(0).isEncoded());
  }

  @Test
  void exchangesAndSettingsSeparate() {
    DataStream<?> s = map(source(), Types.LONG).name("A");
    s = map(s.rebalance(), Types.LONG).name("B");
    s = map(s.broadcast(), Types.LONG).name("C");
    s = map(s, Types.LONG).name("D").setParallelism(1);
    s = map(s, Types.LONG).name("E").setParallelism(1).slotSharingGroup("own");
    SingleOutputStreamOperator<?> last = map(s, Types.LONG).name("F").setParallelism(1);
    last.slotSharingGroup("own").startNewChain();
    sink(last);
    StreamGraph graph = env.getStreamGraph();
    assertEquals(
        List.of(
            "A REBALANCE B",
            "B BROADCAST C",
            "C REBALANCE D",
            "D FORWARD E",
            "E FORWARD F",
            "F REBALANCE Sink: Writer",
            "Source: Sequence Source FORWARD A"),
        shape(graph));
    assertEquals("own", node(graph, "E").getSlotSharingGroup());
    assertEquals(
        ChainingStrategy.HEAD, node(graph, "F").getOperatorFactory().getChainingStrategy());
  }

  @Test
  void fusionHasAnOptionOfItsOwn() throws Exception {
    env.disableOperatorChaining();
    sink(map(map(source(), Types.LONG).name("A"), Types.LONG).name("B"));
    assertTrue(shape(env.getStreamGraph()).contains("A, B FORWARD Sink: Writer"));
    Configuration configuration = new Configuration();
    configuration.setString("python.operator-chaining.enabled", "false");
    env = SessionEnvironment.create(configuration);
    sink(map(map(source(), Types.LONG).name("A"), Types.LONG).name("B"));
    assertTrue(shape(env.getStreamGraph()).contains("A FORWARD B"));
  }

  @Test
  void batchSortsEncodedRecordsByKey() {
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    KeyedStream<?, ?> keyed = PythonTransforms.keyBy(map(source(), null), new byte[0], null);
    sink(PythonTransforms.keyed(keyed, PythonStep.REDUCE, "Reduce", new byte[0], null));
    StreamNode reduce = node(env.getStreamGraph(), "Reduce");
    assertEquals(1, reduce.getInputRequirements().size());
    assertEquals(1, reduce.getManagedMemoryOperatorScopeUseCaseWeights().size());
    assertTrue(reduce.getStatePartitioners()[0] instanceof EncodedKeySelector);
  }

  private static SingleOutputStreamOperator<?> connect(DataStream<?> first, DataStream<?> second) {
    return PythonTransforms.twoInput(
        first, second, PythonStep.CO_MAP, "Co-Map", new byte[0], Types.LONG);
  }

  private static boolean encodes(StreamGraph graph, String name, int input) {
    return PythonNodes.specOf(node(graph, name)).inputs().get(input).isEncoded();
  }

  @Test
  void aNodeWithTwoInputsIsTheHeadOfAChain() {
    DataStream<?> java = source();
    DataStream<?> python = map(source(), Types.STRING).name("P");
    sink(map(map(connect(java, python), null).name("A"), Types.LONG).name("B"));
    StreamGraph graph = env.getStreamGraph(false);
    assertEquals(
        List.of(
            "Co-Map, A, B FORWARD Sink: Writer",
            "P FORWARD Co-Map, A, B",
            "Source: Sequence Source FORWARD Co-Map, A, B",
            "Source: Sequence Source FORWARD P"),
        shape(graph));
    StreamNode node = node(graph, "Co-Map, A, B");
    assertFalse(encodes(graph, "Co-Map, A, B", 0), "Java writes Java's objects");
    assertTrue(encodes(graph, "Co-Map, A, B", 1), "Python writes bytes");
    assertEquals(EncodedRecordSerializer.INSTANCE, node.getTypeSerializersIn()[1]);
    List<Integer> numbers = new ArrayList<>();
    node.getInEdges().forEach(edge -> numbers.add(edge.getTypeNumber()));
    assertEquals(List.of(1, 2), numbers);
    assertEquals(shape(graph), shape(env.getStreamGraph(false)));
    graph.getJobGraph();
  }

  @Test
  void aStreamConnectedWithItselfHasTwoEdges() {
    DataStream<?> s = map(source(), Types.LONG);
    sink(connect(s, s));
    StreamGraph graph = env.getStreamGraph();
    assertEquals(2, node(graph, "Co-Map").getInEdges().size());
    assertEquals(2, node(graph, "Map").getOutEdges().size());
    assertTrue(encodes(graph, "Co-Map", 0) && encodes(graph, "Co-Map", 1));
  }

  @Test
  void keyedInputsOfOneNodeHaveTheSameForm() {
    DataStream<?> python = map(source(), null);
    KeyedStream<?, ?> first = PythonTransforms.keyBy(python, new byte[0], null);
    KeyedStream<?, ?> second = PythonTransforms.keyBy(source(), new byte[0], null);
    sink(connect(first, second));
    StreamGraph graph = env.getStreamGraph(false);
    assertTrue(encodes(graph, "Co-Map", 0) && encodes(graph, "Co-Map", 1));
    StreamNode node = node(graph, "Co-Map");
    assertEquals(2, node.getStatePartitioners().length);
    assertTrue(node.getStatePartitioners()[0] instanceof EncodedKeySelector);
    assertTrue(node.getStatePartitioners()[1] instanceof EncodedKeySelector);
    assertEquals(EncodedKeySerializer.INSTANCE, node.getStateKeySerializer());
    // Java reads the second stream as well, so both are rows.
    sink(second);
    graph = env.getStreamGraph();
    assertFalse(encodes(graph, "Co-Map", 0) || encodes(graph, "Co-Map", 1));
    assertTrue(node(graph, "Co-Map").getStatePartitioners()[0] instanceof RowKeySelector);
  }

  @Test
  void oneKeyedInputGivesRows() {
    KeyedStream<?, ?> keyed = PythonTransforms.keyBy(source(), new byte[0], Types.LONG);
    sink(connect(keyed, map(source(), Types.LONG)));
    StreamGraph graph = env.getStreamGraph();
    assertFalse(encodes(graph, "Co-Map", 0));
    assertTrue(encodes(graph, "Co-Map", 1));
    assertTrue(shape(graph).contains("_stream_key_by_map_operator HASH Co-Map"));
  }

  @Test
  void keysOfConnectedStreamsHaveOneType() {
    KeyedStream<?, ?> first = PythonTransforms.keyBy(source(), new byte[0], Types.LONG);
    KeyedStream<?, ?> second = PythonTransforms.keyBy(source(), new byte[0], Types.INT);
    Exception error =
        assertThrows(UnsupportedOperationException.class, () -> connect(first, second));
    assertTrue(error.getMessage().contains("Co-Map") && error.getMessage().contains("Integer"));
  }

  @Test
  void batchSortsBothInputs() {
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    KeyedStream<?, ?> first = PythonTransforms.keyBy(map(source(), null), new byte[0], null);
    KeyedStream<?, ?> second = PythonTransforms.keyBy(source(), new byte[0], null);
    sink(connect(first, second));
    StreamNode node = node(env.getStreamGraph(), "Co-Map");
    assertEquals(2, node.getInputRequirements().size());
    assertTrue(node.getStatePartitioners()[1] instanceof EncodedKeySelector);
  }

  @Test
  void theKeyByNodeFollowsItsInput() {
    SingleOutputStreamOperator<?> s = map(source(), Types.LONG);
    KeyedStream<?, ?> keyed = PythonTransforms.keyBy(s, new byte[0], Types.LONG);
    s.setParallelism(1);
    sink(PythonTransforms.keyed(keyed, PythonStep.REDUCE, "Reduce", new byte[0], Types.LONG));
    StreamGraph graph = env.getStreamGraph();
    assertEquals(1, node(graph, "Map, _stream_key_by_map_operator").getParallelism());
    assertEquals(2, node(graph, "Reduce").getParallelism());
  }

  @Test
  void customPartitionsStayEncodedAndKnowTheirNumber() {
    DataStream<?> parts = PythonTransforms.partitionCustom(map(source(), null), new byte[0]);
    sink(map(parts, Types.LONG).name("After").setParallelism(3));
    StreamGraph graph = env.getStreamGraph();
    String head = "Map, _partition_custom_map_operator";
    String tail = "_keyed_stream_values_operator, After";
    assertTrue(shape(graph).contains(head + " CUSTOM " + tail), shape(graph).toString());
    assertEquals(3, node(graph, tail).getParallelism());
    assertTrue(PythonNodes.specOf(node(graph, head)).isOutEncoded());
    assertTrue(PythonNodes.specOf(node(graph, tail)).inputs().get(0).isEncoded());
    assertEquals(3, PythonNodes.specOf(node(graph, head)).lastStep().partitions());
    assertEquals(0, node(graph, tail).getStatePartitioners().length);
  }

  @Test
  void aReduceOfTheWholeStreamBeginsAChain() {
    DataStream<?> s = map(source(), Types.LONG).setParallelism(1);
    sink(map(PythonTransforms.reduceAll(s, "Reduce", new byte[0]), Types.LONG).setParallelism(1));
    StreamGraph graph = env.getStreamGraph();
    assertTrue(shape(graph).contains("Map FORWARD Reduce"), shape(graph).toString());
    assertTrue(PythonNodes.specOf(node(graph, "Reduce")).inputs().get(0).isEncoded());
  }

  private static SingleOutputStreamOperator<?> process(DataStream<?> in, String name) {
    return PythonTransforms.oneInput(in, PythonStep.PROCESS, name, new byte[0], Types.LONG);
  }

  private static DataStream<?> side(DataStream<?> in, OutputTag<?> tag, String name) {
    return PythonTransforms.sideOutput(in, tag).name(name);
  }

  @Test
  void sideOutputsLeaveFromTheMiddleOfAChain() {
    OutputTag<Long> tag = new OutputTag<>("tag", Types.LONG);
    OutputTag<Long> unread = new OutputTag<>("unread", Types.LONG);
    SingleOutputStreamOperator<?> first = process(map(source(), Types.LONG), "P1");
    SingleOutputStreamOperator<?> second = process(map(first, Types.LONG), "P2");
    sink(map(second, Types.LONG).name("Last"));
    first.getSideOutput(unread);
    sink(map(side(first, tag, "S1"), Types.LONG));
    sink(map(side(first, tag, "S1 again"), Types.LONG));
    // A Java operator reads the second one.
    sink(second.getSideOutput(tag));
    StreamGraph graph = env.getStreamGraph();
    String head = "Map, P1, Map, P2, Last";
    assertEquals(
        List.of(
            head + " FORWARD S1 again, Map",
            head + " FORWARD S1, Map",
            head + " FORWARD Sink: Writer",
            head + " FORWARD Sink: Writer",
            "S1 again, Map FORWARD Sink: Writer",
            "S1, Map FORWARD Sink: Writer",
            "Source: Sequence Source FORWARD " + head),
        shape(graph));
    ChainSpec spec = PythonNodes.specOf(node(graph, head));
    SideOutput encoded = spec.steps().get(1).sideOutputs().get(0);
    SideOutput typed = spec.steps().get(3).sideOutputs().get(0);
    assertEquals(1, spec.steps().get(1).sideOutputs().size());
    assertTrue(encoded.isEncoded());
    assertTrue(PythonNodes.specOf(node(graph, "S1, Map")).inputs().get(0).isEncoded());
    assertFalse(typed.isEncoded());
    assertEquals("tag", typed.id());
    assertNotEquals(encoded.edgeTag(), typed.edgeTag());
    for (StreamEdge edge : node(graph, head).getOutEdges()) {
      boolean isS1 = graph.getTargetVertex(edge).getOperatorName().startsWith("S1");
      assertEquals(isS1, encoded.edgeTag().equals(edge.getOutputTag()));
    }
    assertEquals(1, graph.getJobGraph().getNumberOfVertices());
  }

  @Test
  void aGeneratorOfWatermarksEndsItsChain() {
    DataStream<?> s = map(source(), Types.LONG).name("Before");
    s = PythonTransforms.watermarks(s, new byte[0], PythonWatermarks.strategy());
    sink(map(s, Types.LONG).name("After"));
    StreamGraph graph = env.getStreamGraph();
    assertEquals(
        List.of(
            "After FORWARD Sink: Writer",
            "Before, Timestamps/Watermarks FORWARD After",
            "Source: Sequence Source FORWARD Before, Timestamps/Watermarks"),
        shape(graph));
    assertTrue(PythonNodes.specOf(node(graph, "After")).inputs().get(0).isEncoded());
  }

  @Test
  void anAsynchronousFunctionReadsEncodedRecords() {
    DataStream<?> s = map(source(), Types.LONG).name("Before");
    s = PythonTransforms.asyncWait(s, new byte[0], Types.LONG, 0, 10, true);
    sink(map(s, Types.LONG).name("After"));
    StreamGraph graph = env.getStreamGraph();
    StreamNode async = node(graph, "async wait operator");
    assertEquals(EncodedRecordSerializer.INSTANCE, async.getTypeSerializersIn()[0]);
    assertEquals(LongSerializer.INSTANCE, async.getTypeSerializerOut());
    assertFalse(PythonNodes.specOf(node(graph, "After")).inputs().get(0).isEncoded());
  }

  @Test
  void oneTagHasOneType() {
    SingleOutputStreamOperator<?> s = process(source(), "P");
    side(s, new OutputTag<>("tag", Types.LONG), "S");
    assertThrows(
        UnsupportedOperationException.class,
        () -> side(s, new OutputTag<>("tag", Types.STRING), "S"));
    assertThrows(
        IllegalArgumentException.class,
        () -> side(s.rebalance(), new OutputTag<>("tag", Types.LONG), "S"));
  }

  @Test
  void aLoopBetweenPythonOperatorsStaysEncoded() {
    @SuppressWarnings("unchecked")
    DataStream<Object> s = (DataStream<Object>) (DataStream<?>) map(source(), Types.LONG);
    IterativeStream<Object> loop = s.iterate(100);
    @SuppressWarnings("unchecked")
    DataStream<Object> body = (DataStream<Object>) (DataStream<?>) map(loop, Types.LONG).name("B");
    loop.closeWith(body);
    map(loop, Types.LONG).name("Reader");
    StreamGraph graph = env.getStreamGraph(false);
    for (Tuple2<StreamNode, StreamNode> pair : graph.getIterationSourceSinkPairs()) {
      assertEquals(EncodedRecordSerializer.INSTANCE, pair.f0.getTypeSerializerOut());
      assertEquals(EncodedRecordSerializer.INSTANCE, pair.f1.getTypeSerializersIn()[0]);
    }
    assertTrue(PythonNodes.specOf(node(graph, "B")).inputs().get(0).isEncoded());
    assertTrue(PythonNodes.specOf(node(graph, "B")).isOutEncoded());
    // A Java operator in the loop takes the encoding back everywhere around it.
    sink(loop);
    graph = env.getStreamGraph(false);
    for (Tuple2<StreamNode, StreamNode> pair : graph.getIterationSourceSinkPairs()) {
      assertEquals(LongSerializer.INSTANCE, pair.f0.getTypeSerializerOut());
    }
    assertFalse(PythonNodes.specOf(node(graph, "B")).inputs().get(0).isEncoded());
    assertFalse(PythonNodes.specOf(node(graph, "B")).isOutEncoded());
    assertFalse(PythonNodes.specOf(node(graph, "Reader")).inputs().get(0).isEncoded());
  }
}
