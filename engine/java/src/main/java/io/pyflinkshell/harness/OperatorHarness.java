// Runs the operators of a small program one record at a time, without a cluster, for unit tests.
// The stream graph and the job graph are made as for a job, so the operators, their fusion, the
// form of their records and their identities are the job's own.
package io.pyflinkshell.harness;

import io.pyflinkshell.api.PythonTransforms;
import io.pyflinkshell.cluster.SessionClassLoader;
import io.pyflinkshell.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobType;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorEventDispatcher;
import org.apache.flink.runtime.operators.coordination.OperatorEventGateway;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.graph.StreamingJobGraphGenerator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.ExceptionUtils;

/** For one thread: the one that opens it. */
public final class OperatorHarness {
  private static final String SINK = "Test Harness";
  private static final int NULL = 2;

  private final ClassLoader loader = SessionClassLoader.instance();
  private final HarnessPlace place;
  private final TypeInformation<?> keyType;
  private final HarnessClock clock = new HarnessClock();
  private final HarnessStates states = new HarnessStates();
  private final HarnessEnvironment environment;
  private final List<HarnessOperator> operators = new ArrayList<>();
  private final List<HarnessOutput> sources = new ArrayList<>();
  private final List<ValueCodec> codecs = new ArrayList<>();
  private final Map<String, HarnessResults> sides = new HashMap<>();
  private final HarnessResults results;
  private HarnessTask task;
  private long checkpoint;

  /** An input of the program: a stream that nothing comes from but what the test pushes. */
  public static DataStreamSource<?> source(
      StreamExecutionEnvironment env, TypeInformation<?> type) {
    return PythonTransforms.fromCollection(env, new byte[0], type);
  }

  /**
   * The harness of what is between the sources and {@code end}.
   *
   * @param keyType of the keys that Java operators see, or null
   */
  public OperatorHarness(
      StreamExecutionEnvironment env,
      List<DataStream<?>> inputs,
      DataStream<?> end,
      TypeInformation<?> keyType,
      int maxParallelism,
      int parallelism,
      int subtask) {
    this.place = new HarnessPlace(maxParallelism, parallelism, subtask);
    this.keyType = keyType;
    ResultSinkFactory sink = new ResultSinkFactory(end.getType());
    end.transform(SINK, Types.GENERIC(Object.class), sink.cast()).setParallelism(1);
    StreamGraph graph = env.getStreamGraph(true);
    if (graph.getJobType() != JobType.STREAMING) {
      throw new IllegalArgumentException(
          "a test harness runs in streaming mode; leave execution.runtime-mode as it is");
    }
    JobGraph job = StreamingJobGraphGenerator.createJobGraph(loader, graph, null);
    Map<Integer, StreamConfig> configs = new HashMap<>();
    StreamConfig taskConfig = null;
    for (JobVertex vertex : job.getVertices()) {
      StreamConfig config = new StreamConfig(vertex.getConfiguration());
      Map<Integer, StreamConfig> chained = config.getTransitiveChainedTaskConfigsWithSelf(loader);
      configs.putAll(chained);
      if (holdsSink(graph, chained)) {
        taskConfig = config;
      }
    }
    this.environment =
        new HarnessEnvironment(
            graph.getExecutionConfig(),
            job.getJobConfiguration(),
            taskConfig.getConfiguration(),
            SINK,
            place,
            states,
            loader);
    this.results = wire(graph, configs, inputs);
  }

  private static boolean holdsSink(StreamGraph graph, Map<Integer, StreamConfig> nodes) {
    for (int id : nodes.keySet()) {
      if (graph.getStreamNode(id).getOperatorFactory() instanceof ResultSinkFactory) {
        return true;
      }
    }
    return false;
  }

  // ---- from the graph to calls ----

  private HarnessResults wire(
      StreamGraph graph, Map<Integer, StreamConfig> configs, List<DataStream<?>> inputs) {
    Map<Integer, HarnessOutput> outputs = new HashMap<>();
    Map<Integer, HarnessOperator> made = new HashMap<>();
    for (DataStream<?> input : inputs) {
      HarnessOutput source = new HarnessOutput(sides);
      sources.add(source);
      codecs.add(ValueCodec.of(input.getType()));
      outputs.put(input.getTransformation().getId(), source);
    }
    HarnessResults end = null;
    for (StreamNode node : sorted(graph)) {
      if (node.getInEdges().isEmpty() && !outputs.containsKey(node.getId())) {
        throw new IllegalArgumentException(
            "the program under test has a source of its own, '"
                + node.getOperatorName()
                + "'; a harness pushes the records itself");
      }
      HarnessOperator operator = null;
      if (node.getOperatorFactory() instanceof ResultSinkFactory) {
        ResultSinkFactory sink = (ResultSinkFactory) node.getOperatorFactory();
        end = sink.encoded ? HarnessResults.encoded(sink.schema) : HarnessResults.typed(sink.type);
      } else if (!node.getInEdges().isEmpty()) {
        HarnessOutput output = new HarnessOutput(sides);
        operator = new HarnessOperator(node, configs.get(node.getId()), place, output, loader);
        operators.add(operator);
        made.put(node.getId(), operator);
        outputs.put(node.getId(), output);
      }
      for (StreamEdge edge : node.getInEdges()) {
        HarnessOutput from = outputs.get(edge.getSourceId());
        if (operator == null) {
          from.to(end);
        } else {
          int input = HarnessOperator.inputOf(edge);
          from.to(operator, input, operator.addChannel(input), edge.getOutputTag());
        }
      }
    }
    return end;
  }

  /** Producers before consumers. */
  private static List<StreamNode> sorted(StreamGraph graph) {
    List<StreamNode> open = new ArrayList<>(graph.getStreamNodes());
    open.sort((one, other) -> Integer.compare(one.getId(), other.getId()));
    List<StreamNode> done = new ArrayList<>();
    while (!open.isEmpty()) {
      int before = open.size();
      for (StreamNode node : new ArrayList<>(open)) {
        boolean ready = true;
        for (StreamEdge edge : node.getInEdges()) {
          ready &= done.contains(graph.getStreamNode(edge.getSourceId()));
        }
        if (ready) {
          done.add(node);
          open.remove(node);
        }
      }
      if (open.size() == before) {
        throw new IllegalArgumentException("a test harness cannot run a loop");
      }
    }
    return done;
  }

  // ---- life ----

  /** Restores state; before {@link #open}. */
  public void initializeState(List<HarnessSnapshot> snapshots) {
    List<String> names = new ArrayList<>();
    for (HarnessOperator operator : operators) {
      names.add(operator.name());
    }
    HarnessSnapshot.check(snapshots, place, names);
    for (int i = 0; i < operators.size(); i++) {
      OperatorID id = operators.get(i).id();
      states.restore(id, HarnessSnapshot.of(snapshots, i, id, place));
    }
  }

  public void open() throws Exception {
    task = new HarnessTask(environment, clock);
    for (HarnessOperator operator : operators) {
      operator.create(task, new NoEvents());
    }
    // As in a task: those that receive are opened before those that send.
    for (int i = operators.size() - 1; i >= 0; i--) {
      operators.get(i).initialize(environment, task.backend(), clock);
      operators.get(i).open();
    }
    settle();
  }

  /** Closes all that was opened, whatever fails; the first failure is thrown. */
  public void close() throws Exception {
    Exception first = null;
    for (HarnessOperator operator : operators) {
      try {
        operator.close();
      } catch (Exception e) {
        first = ExceptionUtils.firstOrSuppressed(e, first);
      }
    }
    try {
      if (task != null) {
        task.cleanUp(null);
      }
      environment.close();
    } catch (Exception e) {
      first = ExceptionUtils.firstOrSuppressed(e, first);
    }
    if (first != null) {
      throw first;
    }
  }

  // ---- what a test does ----

  /** Pushes the records of a batch in wire form; {@code times} is null when they have none. */
  public void processElements(int input, byte[] batch, long[] times) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(batch).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; in.hasRemaining(); i++) {
      Object value = (in.get() & NULL) != 0 ? null : codecs.get(input).read(in);
      sources
          .get(input)
          .collect(times == null ? new StreamRecord<>(value) : new StreamRecord<>(value, times[i]));
    }
    settle();
  }

  public void processWatermark(int input, long timestamp) throws Exception {
    sources.get(input).emitWatermark(new Watermark(timestamp));
    settle();
  }

  public void processWatermarkStatus(int input, boolean idle) throws Exception {
    sources.get(input).emitWatermarkStatus(idle ? WatermarkStatus.IDLE : WatermarkStatus.ACTIVE);
    settle();
  }

  /** Moves the processing time and runs all that is due by then, in order. */
  public void setProcessingTime(long millis) throws Exception {
    clock.set(millis);
    if (task == null) {
      return;
    }
    while (task.fireNext()) {
      settle();
    }
    settle();
  }

  /** Lets asynchronous functions answer; false when some did not within so many milliseconds. */
  public boolean awaitResults(long millis) throws Exception {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (true) {
      // In this order: the mail of an answer is there before the answer counts.
      boolean waiting = anyInFlight();
      boolean ran = settle();
      if (!waiting && !ran) {
        return true;
      }
      if (!ran) {
        if (System.nanoTime() - end > 0) {
          return false;
        }
        Thread.sleep(1);
      }
    }
  }

  private boolean anyInFlight() {
    for (HarnessOperator operator : operators) {
      if (operator.anyInFlight()) {
        return true;
      }
    }
    return false;
  }

  public void endInput(int input) throws Exception {
    sources.get(input).endInput();
    settle();
  }

  public HarnessSnapshot snapshot() throws Exception {
    settle();
    HarnessSnapshot snapshot = new HarnessSnapshot(place);
    checkpoint++;
    for (HarnessOperator operator : operators) {
      snapshot.add(operator.name(), operator.snapshot(checkpoint, clock.absoluteTimeMillis()));
    }
    for (HarnessOperator operator : operators) {
      operator.notifyCheckpointComplete(checkpoint);
    }
    return snapshot;
  }

  /**
   * Nothing stays in a batch or in the mailbox: the test sees all that its call led to. Whether
   * there was any mail.
   */
  private boolean settle() throws Exception {
    boolean any = false;
    boolean mails;
    do {
      for (HarnessOperator operator : operators) {
        operator.flush();
      }
      mails = task.runMails();
      any |= mails;
    } while (mails);
    return any;
  }

  // ---- what a test reads ----

  /** By which functions that other threads open know their harness. */
  public String jobId() {
    return environment.getJobID().toString();
  }

  public HarnessResults results() {
    return results;
  }

  /** What a Java operator, such as a window, tagged and nobody reads; null when there is none. */
  public HarnessResults side(String tag) {
    return sides.get(tag);
  }

  /** The timers of all operators, as keys with times; see {@link HarnessResults#take}. */
  public List<HarnessResults> timers(boolean eventTime) throws Exception {
    List<HarnessResults> all = new ArrayList<>();
    for (HarnessOperator operator : operators) {
      HarnessKeys keys = operator.keys(keyType);
      HarnessResults found = keys.newResults();
      operator.timers().forEach(eventTime, (key, timestamp) -> keys.add(found, key, timestamp));
      all.add(found);
    }
    return all;
  }

  public int timerCount(boolean eventTime) throws Exception {
    int[] count = {0};
    for (HarnessOperator operator : operators) {
      operator.timers().forEach(eventTime, (key, timestamp) -> count[0]++);
    }
    return count[0];
  }

  /** The keys that have a value in a state, in any order. */
  public HarnessResults keysOf(String operatorName, String state) throws Exception {
    for (HarnessOperator operator : operators) {
      if (operator.isKeyed() && operator.name().equals(operatorName)) {
        HarnessKeys keys = operator.keys(keyType);
        HarnessResults found = keys.newResults();
        for (Object key : operator.keysOf(state)) {
          keys.add(found, key, 0);
        }
        return found;
      }
    }
    return null;
  }

  /** Operators that a harness runs have no coordinators. */
  private static final class NoEvents implements OperatorEventDispatcher {
    @Override
    public void registerEventHandler(OperatorID operator, OperatorEventHandler handler) {}

    @Override
    public OperatorEventGateway getOperatorEventGateway(OperatorID operatorId) {
      return event -> {};
    }
  }
}
