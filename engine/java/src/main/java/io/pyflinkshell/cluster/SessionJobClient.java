// A job of the session: Flink's own client, with its result kept and its room given back.
package io.pyflinkshell.cluster;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationRequestGateway;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.util.ExceptionUtils;

/** The result is made once and shared, so polling for it is cheap. */
public final class SessionJobClient implements JobClient, CoordinationRequestGateway {
  private final MiniClusterJobClient client;
  private final CompletableFuture<JobExecutionResult> result;
  private volatile long cancelledAt;

  SessionJobClient(MiniClusterJobClient client) {
    this.client = client;
    this.result =
        client
            .getJobExecutionResult()
            .exceptionally(
                error -> {
                  throw new CompletionException(
                      TaskFailures.cause(
                          client.getJobID(), ExceptionUtils.stripCompletionException(error)));
                });
  }

  @Override
  public JobID getJobID() {
    return client.getJobID();
  }

  @Override
  public CompletableFuture<JobStatus> getJobStatus() {
    // The cluster of an ended job may be gone.
    return result.isDone()
        ? CompletableFuture.completedFuture(endStatus())
        : client.getJobStatus().exceptionally(this::endStatusOr);
  }

  private JobStatus endStatus() {
    return result
        .handle(
            (ignored, error) -> {
              if (error == null) {
                return JobStatus.FINISHED;
              }
              boolean cancelled =
                  ExceptionUtils.findThrowable(error, JobCancellationException.class).isPresent();
              return cancelled ? JobStatus.CANCELED : JobStatus.FAILED;
            })
        .join();
  }

  /** The job may have ended between the question and the answer. */
  private JobStatus endStatusOr(Throwable error) {
    if (result.isDone()) {
      return endStatus();
    }
    throw new CompletionException(error);
  }

  @Override
  public CompletableFuture<Void> cancel() {
    if (result.isDone() && endStatus() != JobStatus.CANCELED) {
      return ended("cancelled").thenApply(ignored -> null);
    }
    if (cancelledAt == 0) {
      cancelledAt = System.nanoTime() | 1;
    }
    return client.cancel();
  }

  /** How long ago the job was cancelled first; 0 when it was not. */
  long millisSinceCancel() {
    return cancelledAt == 0 ? 0 : (System.nanoTime() - cancelledAt) / 1_000_000;
  }

  @Override
  public CompletableFuture<String> stopWithSavepoint(
      boolean advanceToEndOfEventTime, String directory, SavepointFormatType formatType) {
    if (result.isDone()) {
      return ended("stopped");
    }
    return client.stopWithSavepoint(advanceToEndOfEventTime, directory, formatType);
  }

  @Override
  @Deprecated
  public CompletableFuture<String> stopWithSavepoint(
      boolean advanceToEndOfEventTime, String directory) {
    return stopWithSavepoint(advanceToEndOfEventTime, directory, SavepointFormatType.DEFAULT);
  }

  @Override
  public CompletableFuture<String> triggerSavepoint(
      String directory, SavepointFormatType formatType) {
    if (result.isDone()) {
      return ended("saved");
    }
    return client.triggerSavepoint(directory, formatType);
  }

  @Override
  @Deprecated
  public CompletableFuture<String> triggerSavepoint(String directory) {
    return triggerSavepoint(directory, SavepointFormatType.DEFAULT);
  }

  private CompletableFuture<String> ended(String what) {
    return CompletableFuture.failedFuture(
        new IllegalStateException(
            "the job "
                + getJobID()
                + " has ended ("
                + endStatus()
                + ") and cannot be "
                + what
                + " any more"));
  }

  @Override
  public CompletableFuture<Map<String, Object>> getAccumulators() {
    return client.getAccumulators();
  }

  @Override
  public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
    return result;
  }

  @Override
  public void reportHeartbeat(long expiredTimestamp) {
    client.reportHeartbeat(expiredTimestamp);
  }

  @Override
  public CompletableFuture<CoordinationResponse> sendCoordinationRequest(
      OperatorID operator, CoordinationRequest request) {
    return client.sendCoordinationRequest(operator, request);
  }
}
