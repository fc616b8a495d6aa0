package io.pyflinkshell.cluster;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.pyflinkshell.bridge.PythonException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.MdcUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskFailuresTest {
  private final JobID job = new JobID();

  @BeforeEach
  void observe() {
    TaskFailures.observe();
  }

  private static PythonException raise(JobID job, String operator) {
    try (MdcUtils.MdcCloseable ignored = MdcUtils.withContext(MdcUtils.asContextData(job))) {
      return new PythonException(1, "ValueError", "no", null, operator, 0, 1, 0, "3", null);
    }
  }

  private Throwable lostEvent() {
    Throwable cause = new TaskNotRunningException("Task is not running, but in state FAILED");
    return new JobExecutionException(job, "failed", new FlinkException("lost", cause));
  }

  @Test
  void lostEventIsToldAsWhatTheFunctionOfThatJobRaisedLast() {
    raise(job, "Map");
    PythonException last = raise(job, "Map");
    raise(new JobID(), "Map");
    raise(job, null);
    Throwable lost = lostEvent();
    Throwable told = TaskFailures.cause(job, lost);
    assertSame(last, told.getCause());
    assertSame(lost, told.getSuppressed()[0]);
  }

  @Test
  void lostEventOfJobWithoutPythonFailureStaysWhatItIs() {
    raise(new JobID(), "Map");
    Throwable lost = lostEvent();
    assertSame(lost, TaskFailures.cause(job, lost));
  }

  @Test
  void otherFailuresStayWhatTheyAre() {
    raise(job, "Map");
    Throwable other = new JobExecutionException(job, "failed", new IllegalStateException("other"));
    assertSame(other, TaskFailures.cause(job, other));
    Throwable python = new JobExecutionException(job, "failed", raise(job, "Map"));
    assertSame(python, TaskFailures.cause(job, python));
  }

  @Test
  void onlyTheLastJobsAreKept() {
    raise(job, "Map");
    for (int i = 0; i < 64; i++) {
      raise(new JobID(), "Map");
    }
    Throwable lost = lostEvent();
    assertSame(lost, TaskFailures.cause(job, lost));
  }
}
