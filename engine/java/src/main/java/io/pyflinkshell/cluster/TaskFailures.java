// What Python functions raised last in each job. A task that fails while its coordinator sends it
// an event makes Flink tell only that the event was lost: the job's error is put right from here.
package io.pyflinkshell.cluster;

import io.pyflinkshell.bridge.PythonException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.MdcUtils;
import org.slf4j.MDC;

/** One exception is kept for each of the last jobs in which one was raised. */
final class TaskFailures {
  private static final int KEPT = 64;
  private static final Map<String, PythonException> LAST = new LinkedHashMap<>();

  private TaskFailures() {}

  /** Begins to see the exceptions that functions raise in the threads of tasks. */
  static void observe() {
    PythonException.setObserver(TaskFailures::saw);
  }

  private static void saw(PythonException raised) {
    String job = MDC.get(MdcUtils.JOB_ID);
    if (job == null || raised.getOperatorName() == null) {
      return;
    }
    synchronized (LAST) {
      LAST.remove(job);
      LAST.put(job, raised);
      if (LAST.size() > KEPT) {
        LAST.remove(LAST.keySet().iterator().next());
      }
    }
  }

  /**
   * Why a job failed.
   *
   * @return {@code failure}; or, when it only tells that an event did not reach a task that had
   *     failed, an exception with what a function of that job raised last
   */
  static Throwable cause(JobID job, Throwable failure) {
    if (ExceptionUtils.findThrowable(failure, PythonException.class).isPresent()
        || !isLostEvent(failure)) {
      return failure;
    }
    PythonException raised;
    synchronized (LAST) {
      raised = LAST.get(job.toHexString());
    }
    if (raised == null) {
      return failure;
    }
    JobExecutionException told = new JobExecutionException(job, "Job execution failed.", raised);
    told.addSuppressed(failure);
    return told;
  }

  private static boolean isLostEvent(Throwable failure) {
    return ExceptionUtils.findThrowable(failure, TaskNotRunningException.class).isPresent()
        || ExceptionUtils.findThrowableWithMessage(
                failure, "OperatorCoordinator to a task was lost")
            .isPresent();
  }
}
