// The execution environment of Python programs: fused graphs, run on the session cluster.
package io.pyflinkshell.cluster;

import io.pyflinkshell.api.PythonTransforms;
import io.pyflinkshell.graph.ChainFusion;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.operators.ResourceSpec;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.ConfigurableCheckpointStorage;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;

/** Options of the session hold unless the program sets them. */
public final class SessionEnvironment extends StreamExecutionEnvironment {

  private final SessionExecutor executor;

  private SessionEnvironment(SessionExecutor executor, Configuration configuration) {
    super(executor, configuration, SessionClassLoader.instance());
    this.executor = executor;
  }

  /** A new environment with the options of the session, then those of {@code program}. */
  public static SessionEnvironment create(Configuration program) throws MalformedURLException {
    Configuration all = SessionCluster.sessionOptions();
    if (program != null) {
      all.addAll(program);
    }
    if (!all.contains(CoreOptions.DEFAULT_PARALLELISM)) {
      all.set(CoreOptions.DEFAULT_PARALLELISM, Runtime.getRuntime().availableProcessors());
    }
    all.set(DeploymentOptions.TARGET, SessionExecutor.NAME);
    all.set(DeploymentOptions.ATTACHED, true);
    for (URL jar : SessionExecutor.jars(all)) {
      SessionClassLoader.instance().addJar(jar);
    }
    return new SessionEnvironment(new SessionExecutor(), all);
  }

  @Override
  public JobClient executeAsync(StreamGraph graph) throws Exception {
    configureStorage(graph);
    try {
      return super.executeAsync(graph);
    } catch (InterruptedException e) {
      cancelSubmitted(this);
      throw e;
    }
  }

  /**
   * Flink completes the storage that a program chose with the options of the cluster only. Here the
   * program's count as well, as they do where each job has a cluster of its own.
   */
  private static void configureStorage(StreamGraph graph) {
    CheckpointStorage storage = graph.getCheckpointStorage();
    if (storage instanceof ConfigurableCheckpointStorage) {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      graph.setCheckpointStorage(
          ((ConfigurableCheckpointStorage) storage).configure(graph.getJobConfiguration(), loader));
    }
  }

  /** What cancelSubmitted means is submitted from now on. */
  public static void forgetSubmitted(StreamExecutionEnvironment environment) {
    if (environment instanceof SessionEnvironment) {
      ((SessionEnvironment) environment).executor.forget();
    }
  }

  /** Cancels the job that was submitted last, also when its cluster has not accepted it yet. */
  public static void cancelSubmitted(StreamExecutionEnvironment environment) {
    if (environment instanceof SessionEnvironment) {
      ((SessionEnvironment) environment).executor.submitted().thenAccept(JobClient::cancel);
    }
  }

  @Override
  public StreamGraph getStreamGraph(boolean clearTransformations) {
    List<Transformation<?>> nodes = withInputs(transformations);
    alignHelperNodes(nodes);
    StreamGraph graph = super.getStreamGraph(clearTransformations);
    completeResources(graph);
    ChainFusion.apply(graph, nodes);
    SessionJobs.noteSources(graph, nodes);
    return graph;
  }

  @Override
  public StreamGraph generateStreamGraph(List<Transformation<?>> program) {
    List<Transformation<?>> nodes = withInputs(program);
    alignHelperNodes(nodes);
    StreamGraph graph = super.generateStreamGraph(program);
    completeResources(graph);
    ChainFusion.apply(graph, nodes);
    SessionJobs.noteSources(graph, nodes);
    return graph;
  }

  /** Flink refuses a job of which only some operators say what they need. */
  private static void completeResources(StreamGraph graph) {
    boolean any = false;
    for (StreamNode node : graph.getStreamNodes()) {
      any |= !node.getMinResources().equals(ResourceSpec.UNKNOWN);
    }
    if (!any) {
      return;
    }
    for (StreamNode node : graph.getStreamNodes()) {
      if (node.getMinResources().equals(ResourceSpec.UNKNOWN)) {
        node.setResources(ResourceSpec.ZERO, ResourceSpec.ZERO);
      }
    }
  }

  /** An earlier job of the program may have taken the nodes that a later one builds on. */
  private static List<Transformation<?>> withInputs(List<Transformation<?>> program) {
    Set<Transformation<?>> nodes = new LinkedHashSet<>(program);
    Deque<Transformation<?>> open = new ArrayDeque<>(program);
    while (!open.isEmpty()) {
      for (Transformation<?> input : open.pop().getInputs()) {
        if (nodes.add(input)) {
          open.push(input);
        }
      }
    }
    return new ArrayList<>(nodes);
  }

  /**
   * The node of key_by or partition_custom belongs to the stream before it, and the node behind a
   * custom partition to what follows, whatever these were changed to since.
   */
  private static void alignHelperNodes(List<Transformation<?>> program) {
    for (Transformation<?> node : program) {
      String name = node.getName();
      if (name.equals(PythonTransforms.KEY_BY_NAME)
          || name.equals(PythonTransforms.PARTITION_NAME)) {
        align(node, node.getInputs().get(0));
      }
      for (Transformation<?> input : node.getInputs()) {
        if (input.getName().equals(PythonTransforms.VALUES_NAME)) {
          align(input, node);
        }
      }
    }
  }

  private static void align(Transformation<?> node, Transformation<?> with) {
    node.setParallelism(with.getParallelism(), with.isParallelismConfigured());
    if (with.getMaxParallelism() > 0) {
      node.setMaxParallelism(with.getMaxParallelism());
    }
    with.getSlotSharingGroup().ifPresent(node::setSlotSharingGroup);
  }
}
