// Sends the pipelines of an environment to the session cluster.
package io.pyflinkshell.cluster;

import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.client.deployment.executors.PipelineExecutorUtils;
import org.apache.flink.configuration.ConfigUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.runtime.jobgraph.JobGraph;

/** Loader, factory and executor in one: there is only this cluster to choose. */
final class SessionExecutor
    implements PipelineExecutorServiceLoader, PipelineExecutorFactory, PipelineExecutor {
  static final String NAME = "pyflink-session";

  private volatile CompletableFuture<JobClient> submitted = new CompletableFuture<>();

  @Override
  public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
    return this;
  }

  @Override
  public Stream<String> getExecutorNames() {
    return Stream.of(NAME);
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public boolean isCompatibleWith(Configuration configuration) {
    return true;
  }

  @Override
  public PipelineExecutor getExecutor(Configuration configuration) {
    return this;
  }

  @Override
  public CompletableFuture<JobClient> execute(
      Pipeline pipeline, Configuration configuration, ClassLoader loader) throws Exception {
    Configuration withoutJars = new Configuration(configuration);
    withoutJars.removeConfig(PipelineOptions.JARS);
    JobGraph graph = PipelineExecutorUtils.getJobGraph(pipeline, withoutJars, loader);
    SessionJobs.expect(graph.getJobID(), pipeline);
    // Jars lie on this machine: a job reads them in place instead of copying them each time.
    List<URL> classpath = new ArrayList<>(graph.getClasspaths());
    for (URL jar : jars(configuration)) {
      SessionClassLoader.instance().addJar(jar);
    }
    for (URL jar : SessionClassLoader.instance().getURLs()) {
      if (!classpath.contains(jar)) {
        classpath.add(jar);
      }
    }
    graph.setClasspaths(classpath);
    submitted = SessionCluster.submit(graph, configuration, loader);
    return submitted;
  }

  void forget() {
    submitted = new CompletableFuture<>();
  }

  /** The job that was submitted last; never complete when there was none. */
  CompletableFuture<JobClient> submitted() {
    return submitted;
  }

  /** The jars that a configuration names for its jobs. */
  static List<URL> jars(Configuration configuration) throws MalformedURLException {
    return ConfigUtils.decodeListFromConfig(configuration, PipelineOptions.JARS, URL::new);
  }
}
