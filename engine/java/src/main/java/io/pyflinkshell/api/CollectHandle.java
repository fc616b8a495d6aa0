// What execute_and_collect reads from: batches of encoded rows, then the end or the job's error.
package io.pyflinkshell.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.util.ExceptionUtils;

/** For one reading thread; close may come from any. */
public final class CollectHandle implements AutoCloseable {
  private static final byte[] END = new byte[0];
  private static final long CLOSE_WAIT_MILLIS = 5_000;

  private final JobClient client;
  private final CollectChannel channel;
  private final boolean encoded;
  private final byte[] schema;
  private final CompletableFuture<JobExecutionResult> result;

  CollectHandle(JobClient client, CollectChannel channel, boolean encoded, byte[] schema) {
    this.client = client;
    this.channel = channel;
    this.encoded = encoded;
    this.schema = schema;
    this.result = client.getJobExecutionResult();
    this.result.whenComplete((ignored, error) -> channel.wakeReader());
  }

  /**
   * The next batch; null when there is none yet, empty after the last; throws when the job failed.
   */
  public byte[] nextBatch(long timeoutMillis) throws Exception {
    boolean ended = result.isDone();
    byte[] batch = channel.poll(ended ? 0 : timeoutMillis);
    if (batch != null) {
      return batch;
    }
    if (channel.isRepeated()) {
      throw new IllegalStateException(
          "the job restarted from its beginning after rows had been collected, and they would come"
              + " again; enable checkpoints (env.enable_checkpointing) to collect each row once,"
              + " or switch restarts off (RestartStrategies.no_restart())");
    }
    if (!ended || !channel.isEmpty()) {
      return null;
    }
    // Nothing can be repeated any more.
    batch = channel.pollRest();
    if (batch != null) {
      return batch;
    }
    try {
      result.get();
    } catch (ExecutionException e) {
      ExceptionUtils.rethrowException(ExceptionUtils.stripExecutionException(e));
    }
    return END;
  }

  /** 0: values alone, 1: encoded bodies. See the wire format. */
  public int mode() {
    return encoded ? 1 : 0;
  }

  public byte[] schema() {
    return schema.clone();
  }

  public JobClient jobClient() {
    return client;
  }

  /** Cancels the job if it still runs, without waiting. */
  public void abandon() {
    channel.close();
    if (!result.isDone()) {
      client.cancel();
    }
  }

  /** Cancels the job if it still runs, and waits a little for it. */
  @Override
  public void close() {
    channel.close();
    if (result.isDone()) {
      return;
    }
    try {
      client.cancel().get(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS);
      result.handle((ignored, error) -> null).get(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It ended in between, or goes on ending without us.
      return;
    }
  }
}
