// Hands the records of Flink's AsyncWaitOperator to coroutines of one asyncio event loop.
package io.pyflinkshell.operator;

import java.io.Closeable;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.functions.AbstractRichFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.streaming.api.functions.async.AsyncFunction;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.util.ExceptionUtils;

/**
 * Order, capacity, time-outs and checkpoints are the operator's. The loop has a thread of its own,
 * which the task's thread never waits for but when the function is opened and closed. Coroutines
 * that are still running when the function is closed are cancelled.
 */
final class PythonAsyncFunction extends AbstractRichFunction
    implements AsyncFunction<Object, Object>, InFlight {
  private static final long serialVersionUID = 1L;

  /** How long coroutines and close may take at the end before they are interrupted. */
  private static final long PATIENCE_MILLIS = 3_000;

  private final transient AsyncSpec spec;
  private final transient CloseableRegistry cancelables;
  private final transient Closeable canceller = this::cancel;
  private transient AsyncCalls calls;
  private transient Thread thread;

  /** 0 when there is no loop. Guarded by this. */
  private transient long handle;

  private transient volatile Throwable failure;
  private transient boolean interrupting;

  PythonAsyncFunction(AsyncSpec spec, CloseableRegistry cancelables) {
    this.spec = spec;
    this.cancelables = cancelables;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    calls = new AsyncCalls(spec);
    handle = NativeAsync.create();
    RuntimeContext runtimeContext = getRuntimeContext();
    String taskName = runtimeContext.getTaskInfo().getTaskNameWithSubtasks();
    thread = new Thread(this::runLoop, "asyncio of " + taskName);
    thread.setDaemon(true);
    thread.setContextClassLoader(runtimeContext.getUserCodeClassLoader());
    cancelables.registerCloseable(canceller);
    thread.start();
    try {
      calls.whenOpened().get();
    } catch (ExecutionException e) {
      ExceptionUtils.rethrowException(ExceptionUtils.stripExecutionException(e));
    }
  }

  private void runLoop() {
    TaskInfo task = getRuntimeContext().getTaskInfo();
    try {
      NativeAsync.run(
          handle,
          calls,
          getRuntimeContext(),
          spec.name,
          task.getIndexOfThisSubtask(),
          task.getNumberOfParallelSubtasks(),
          spec.payload,
          spec.inMode(),
          spec.input.schema(),
          spec.outSchema());
      calls.whenOpened().completeExceptionally(new InterruptedException("the process is ending"));
    } catch (Throwable e) {
      failure = e;
      calls.failAll(e);
      calls.whenOpened().completeExceptionally(e);
    }
  }

  @Override
  public void asyncInvoke(Object value, ResultFuture<Object> future) throws Exception {
    if (calls.invoke(value, future)) {
      wake();
    }
  }

  @Override
  public void timeout(Object value, ResultFuture<Object> future) throws Exception {
    if (calls.timeOut(value, future)) {
      wake();
    }
  }

  @Override
  public boolean anyInFlight() {
    return calls.anyUnanswered();
  }

  private void wake() throws Exception {
    if (failure != null) {
      ExceptionUtils.rethrowException(new Exception("the event loop has ended", failure));
    }
    NativeAsync.wake(handle);
  }

  /** From any thread: the task shall end, whatever the coroutines do. */
  private void cancel() {
    stop();
    interruptLater();
  }

  private synchronized void stop() {
    if (handle != 0) {
      NativeAsync.stop(handle);
    }
  }

  private synchronized void interruptLater() {
    if (!interrupting) {
      interrupting = true;
      long from = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
      CancelRepeater.add(() -> System.nanoTime() - from < 0 ? isRunning() : interrupt());
    }
  }

  private synchronized boolean isRunning() {
    return handle != 0;
  }

  /** False when the loop has ended. */
  private synchronized boolean interrupt() {
    if (handle != 0) {
      NativeAsync.interrupt(handle);
    }
    return handle != 0;
  }

  /** Also called when open failed, and more than once. */
  @Override
  public void close() throws Exception {
    if (thread == null) {
      return;
    }
    stop();
    if (Thread.currentThread().isInterrupted()) {
      interruptLater();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join(PATIENCE_MILLIS);
        if (thread.isAlive()) {
          interruptLater();
        }
      } catch (InterruptedException e) {
        // The loop uses what is freed below.
        interrupted = true;
        interruptLater();
      }
    }
    thread = null;
    synchronized (this) {
      NativeAsync.free(handle);
      handle = 0;
    }
    cancelables.unregisterCloseable(canceller);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    boolean openFailed = calls.whenOpened().isCompletedExceptionally();
    if (failure != null && !openFailed) {
      ExceptionUtils.rethrowException(failure);
    }
  }
}
