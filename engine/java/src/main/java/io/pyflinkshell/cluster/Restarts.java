// Tells on stderr that a job failed and begins again: Flink does so for ever unless it is told
// otherwise, and without a word a program that fails at each attempt looks as if it hangs.
package io.pyflinkshell.cluster;

import io.pyflinkshell.bridge.Failures;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.failure.FailureEnricher;

/** Flink shows it each failure of each job. The same failure is told whole only once. */
final class Restarts implements FailureEnricher {
  /** Flink decides what follows a failure after it was shown. */
  private static final long DECIDED_MILLIS = 50;

  private final Map<JobID, Told> jobs = new ConcurrentHashMap<>();

  private static final class Told {
    String text = "";
    int times;
  }

  @Override
  public Set<String> getOutputKeys() {
    return Collections.emptySet();
  }

  @Override
  public CompletableFuture<Map<String, String>> processFailure(Throwable cause, Context context) {
    JobID job = context.getJobInfo().getJobId();
    String name = context.getJobInfo().getJobName();
    ClassLoader loader = context.getUserClassLoader();
    CompletableFuture.runAsync(
        () -> tell(job, name, cause, loader),
        CompletableFuture.delayedExecutor(DECIDED_MILLIS, TimeUnit.MILLISECONDS));
    return CompletableFuture.completedFuture(Collections.emptyMap());
  }

  private void tell(JobID job, String name, Throwable cause, ClassLoader loader) {
    SessionJobClient client = SessionCluster.running(job);
    if (client == null) {
      jobs.remove(job);
      return;
    }
    client
        .getJobStatus()
        .thenAccept(
            status -> {
              if (status != JobStatus.FAILING && !status.isTerminalState()) {
                Thread.currentThread().setContextClassLoader(loader);
                System.err.println(
                    text(job, name, Failures.explain(TaskFailures.cause(job, cause))));
              }
            });
    client.getJobExecutionResult().whenComplete((result, error) -> jobs.remove(job));
  }

  private String text(JobID job, String name, String cause) {
    Told told = jobs.computeIfAbsent(job, id -> new Told());
    synchronized (told) {
      told.times++;
      String begin = "pyflink-shell: the job '" + name + "' failed";
      if (told.text.equals(cause)) {
        return begin + " again in the same way and starts again (failure " + told.times + ")";
      }
      told.text = cause;
      return begin + " and starts again:\n" + cause;
    }
  }
}
