// The cluster of the session: started once in the background, kept for all jobs, closed at the end.
package io.pyflinkshell.cluster;

import java.net.BindException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.clusterframework.types.ResourceProfile;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.resourcemanager.ResourceOverview;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Usually one MiniCluster. A job that does not fit beside running ones gets a cluster of its own,
 * which goes with it; a job alone makes the kept one larger.
 */
public final class SessionCluster {
  private static final Logger LOG = LoggerFactory.getLogger(SessionCluster.class);
  private static final Object LOCK = new Object();
  private static final Map<JobID, SessionJobClient> RUNNING = new ConcurrentHashMap<>();

  private static Configuration sessionOptions = new Configuration();
  private static CompletableFuture<LocalCluster> main;
  private static Map<String, String> mainOptions;
  private static volatile boolean closed;

  private SessionCluster() {}

  /** Takes the options of the session ("key=value") and begins to start the cluster. */
  public static void startInBackground(String[] keyValueOptions) {
    synchronized (LOCK) {
      sessionOptions = SessionOptions.parse(keyValueOptions);
      if (main == null && !closed) {
        begin(sessionOptions);
      }
    }
  }

  /** Begins to start the cluster with the options that were taken before. */
  static void startInBackground() {
    synchronized (LOCK) {
      if (main == null && !closed) {
        begin(sessionOptions);
      }
    }
  }

  /** Takes the options of the session without starting anything yet. */
  public static void setOptions(String[] keyValueOptions) {
    synchronized (LOCK) {
      sessionOptions = SessionOptions.parse(keyValueOptions);
    }
  }

  static Configuration sessionOptions() {
    synchronized (LOCK) {
      return new Configuration(sessionOptions);
    }
  }

  private static void begin(Configuration options) {
    TaskFailures.observe();
    CompletableFuture<LocalCluster> future = new CompletableFuture<>();
    main = future;
    mainOptions = SessionOptions.clusterPart(options);
    Thread thread = new Thread(() -> start(options, future), "pyflink-cluster-start");
    thread.setDaemon(true);
    thread.setContextClassLoader(SessionClassLoader.instance());
    thread.start();
  }

  private static void start(Configuration options, CompletableFuture<LocalCluster> future) {
    try {
      future.complete(startCluster(options));
    } catch (Throwable e) {
      future.completeExceptionally(e);
    }
  }

  private static LocalCluster startCluster(Configuration options) throws Exception {
    LocalCluster cluster = new LocalCluster(options, SessionOptions.wantsRest(options));
    try {
      cluster.start();
      return cluster;
    } catch (Exception e) {
      throw explain(e, options);
    }
  }

  /** A port in use is the one failure that the user's options cause and can cure. */
  private static Exception explain(Exception e, Configuration options) {
    boolean portInUse =
        ExceptionUtils.findThrowable(e, BindException.class).isPresent()
            || ExceptionUtils.findThrowableWithMessage(e, "Could not start rest endpoint on any")
                .isPresent();
    if (!portInUse) {
      return e;
    }
    // The options share a key's fallback, so only the plain keys tell which one was set.
    Map<String, String> given = options.toMap();
    String key =
        given.containsKey(RestOptions.BIND_PORT.key())
            ? RestOptions.BIND_PORT.key()
            : RestOptions.PORT.key();
    String option = key + "=" + given.get(key);
    return new ClusterStartException(
        "the port of the option " + option + " is in use; choose another, or 0 for a free one", e);
  }

  /** The kept cluster, started with the cluster options of {@code job} when it stands idle. */
  private static LocalCluster mainFor(Configuration job) throws Exception {
    synchronized (LOCK) {
      if (closed) {
        throw new IllegalStateException("the session has ended");
      }
      Map<String, String> wanted = SessionOptions.clusterPart(job);
      if (main == null || main.isCompletedExceptionally()) {
        begin(job);
      } else if (!mainOptions.entrySet().containsAll(wanted.entrySet())) {
        LocalCluster old = waitFor(main);
        if (old.isIdle()) {
          old.closeAsync().get();
          begin(job);
        } else {
          LOG.warn("Jobs are running: the cluster keeps its options, not {}", wanted);
        }
      }
    }
    return waitFor(main);
  }

  private static LocalCluster waitFor(CompletableFuture<LocalCluster> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      ExceptionUtils.rethrowException(e.getCause());
      throw e;
    }
  }

  /** Runs a job; the future is complete when the job was accepted. */
  static CompletableFuture<JobClient> submit(
      JobGraph graph, Configuration configuration, ClassLoader loader) throws Exception {
    RestoreCheck.check(graph, configuration, loader);
    JobNeeds needs = JobNeeds.of(graph);
    SessionJobs.begin(graph);
    try {
      return submit(graph, needs, configuration, loader)
          .whenComplete(
              (client, error) -> {
                if (error != null) {
                  SessionJobs.refused(graph.getJobID());
                }
              });
    } catch (Throwable e) {
      SessionJobs.refused(graph.getJobID());
      throw e;
    }
  }

  private static CompletableFuture<JobClient> submit(
      JobGraph graph, JobNeeds needs, Configuration configuration, ClassLoader loader)
      throws Exception {
    LocalCluster kept = mainFor(configuration);
    SlotResources.check(needs, kept.configuration());
    // A job with resources of its own has a cluster to itself: Flink at times gives a job two slots
    // for one and takes the second back only after a minute, in which others would wait.
    boolean alone = !needs.resources.equals(ResourceProfile.ZERO);
    if (!alone && kept.reserve(graph.getJobID(), needs)) {
      return run(kept, graph, loader);
    }
    Configuration own = SessionOptions.complete(configuration);
    LocalCluster.fit(own, needs);
    // The port of the REST API stays with the kept cluster.
    own.removeConfig(RestOptions.BIND_PORT);
    own.removeConfig(RestOptions.PORT);
    LocalCluster extra = startCluster(own);
    extra.reserve(graph.getJobID(), needs);
    CompletableFuture<JobClient> client;
    try {
      client = run(extra, graph, loader);
    } catch (Exception e) {
      extra.closeAsync();
      throw e;
    }
    client.whenComplete(
        (started, error) -> {
          if (error != null) {
            extra.closeAsync();
          } else {
            started.getJobExecutionResult().whenComplete((r, e) -> extra.closeAsync());
          }
        });
    return client;
  }

  private static CompletableFuture<JobClient> run(
      LocalCluster cluster, JobGraph graph, ClassLoader loader) {
    JobID job = graph.getJobID();
    return cluster
        .submitJob(graph)
        .thenApply(
            ignored -> {
              SessionJobClient client =
                  new SessionJobClient(
                      new MiniClusterJobClient(
                          job,
                          cluster,
                          loader,
                          MiniClusterJobClient.JobFinalizationBehavior.NOTHING));
              RUNNING.put(job, client);
              SessionJobs.running(cluster, client);
              client
                  .getJobExecutionResult()
                  .whenComplete(
                      (result, error) -> {
                        RUNNING.remove(job);
                        cluster.release(job);
                      });
              return (JobClient) client;
            })
        .whenComplete(
            (client, error) -> {
              if (error != null) {
                cluster.release(job);
              }
            });
  }

  /**
   * Waits for the end of a job.
   *
   * @return its result, or null when it still runs after {@code timeoutMillis}
   * @throws Exception why the job failed
   */
  public static JobExecutionResult await(JobClient client, long timeoutMillis) throws Exception {
    try {
      return client.getJobExecutionResult().get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      ExceptionUtils.rethrowException(ExceptionUtils.stripExecutionException(e));
      throw e;
    }
  }

  /**
   * Cancels every running job and waits for their ends; false when some still run after that. What
   * was cancelled before has had its time, or a part of it.
   */
  public static boolean cancelAll(long timeoutMillis) throws InterruptedException {
    Collection<SessionJobClient> jobs = new ArrayList<>(RUNNING.values());
    List<CompletableFuture<?>> ends = new ArrayList<>();
    long left = 0;
    for (SessionJobClient job : jobs) {
      left = Math.max(left, timeoutMillis - job.millisSinceCancel());
      job.cancel();
      ends.add(job.getJobExecutionResult().handle((result, error) -> null));
    }
    try {
      CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0]))
          .get(left, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return RUNNING.isEmpty();
    }
  }

  /** The client of a job that has not ended, else null. */
  static SessionJobClient running(JobID job) {
    return RUNNING.get(job);
  }

  /** Number of jobs that have not ended. */
  public static int runningJobs() {
    return RUNNING.size();
  }

  /** Free slots and all slots of the kept cluster, as its resource manager counts them. */
  public static int[] slots() throws Exception {
    ResourceOverview overview = mainFor(new Configuration()).getResourceOverview().get();
    return new int[] {overview.getNumberFreeSlots(), overview.getNumberRegisteredSlots()};
  }

  /** Cancels all jobs and lets no cluster start from now on. */
  static void end(long timeoutMillis) throws InterruptedException {
    synchronized (LOCK) {
      closed = true;
    }
    cancelAll(timeoutMillis);
  }

  static boolean isClosed() {
    return closed;
  }

  /** Cancels all jobs and stops the cluster for good; bounded to a few seconds. */
  public static void close() throws Exception {
    CompletableFuture<LocalCluster> closing;
    synchronized (LOCK) {
      closed = true;
      closing = main;
      main = null;
    }
    if (closing == null) {
      return;
    }
    cancelAll(3_000);
    try {
      closing.get(3, TimeUnit.SECONDS).closeAsync().get(3, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The cluster did not close in time", e);
    }
  }
}
