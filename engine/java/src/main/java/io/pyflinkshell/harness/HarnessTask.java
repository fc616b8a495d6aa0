// The task that the operators of a harness believe to run in. Its mailbox is emptied by the test.
package io.pyflinkshell.harness;

import io.pyflinkshell.operator.ManualTime;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.TimerException;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl;
import org.apache.flink.util.ExceptionUtils;

/** Never invoked: the harness calls the operators itself, on the thread that made the task. */
final class HarnessTask extends StreamTask<Object, StreamOperator<Object>> implements ManualTime {
  private final HarnessEnvironment environment;
  private final HarnessClock clock;

  HarnessTask(HarnessEnvironment environment, HarnessClock clock) throws Exception {
    super(
        environment,
        clock,
        (thread, error) -> environment.failExternally(error),
        StreamTaskActionExecutor.IMMEDIATE,
        new TaskMailboxImpl(Thread.currentThread()));
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  protected void init() {}

  @Override
  public void handleAsyncException(String message, Throwable exception) {
    environment.failExternally(exception);
  }

  StateBackend backend() {
    return stateBackend;
  }

  /** Runs what operators put into the mailbox, until nothing is left. */
  boolean runMails() throws Exception {
    boolean any = false;
    while (mailboxProcessor.getMainMailboxExecutor().tryYield()) {
      any = true;
      throwFailure();
    }
    throwFailure();
    return any;
  }

  /** Runs the callbacks that are due at the clock's time. */
  boolean fireNext() throws Exception {
    return clock.fireNext();
  }

  void throwFailure() throws Exception {
    Throwable failure = environment.failure;
    environment.failure = null;
    if (failure != null) {
      while (failure instanceof TimerException && failure.getCause() != null) {
        failure = failure.getCause();
      }
      ExceptionUtils.rethrowException(failure);
    }
  }
}
