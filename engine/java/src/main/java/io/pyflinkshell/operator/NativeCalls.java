// ChainCalls on the native engine.
package io.pyflinkshell.operator;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;

/** Holds the handle, and guards it: a canceller may come while the task is done with it. */
final class NativeCalls implements ChainCalls {
  private final long handle = NativeChain.create();
  private boolean freed;

  private NativeCalls() {}

  static ChainCalls open(
      PythonChainOperator<?> operator, ChainSpec spec, KeyedStateAccess state, int bufferBytes)
      throws IOException {
    NativeCalls calls = new NativeCalls();
    // A function's open can take for ever, too.
    Closeable canceller = calls::cancelUntilFreed;
    CloseableRegistry cancelables = operator.getContainingTask().getCancelables();
    boolean opened = false;
    try {
      cancelables.registerCloseable(canceller);
      calls.open(
          operator.getRuntimeContext(), spec, state, operator.broadcastStates(), bufferBytes);
      opened = true;
    } finally {
      cancelables.unregisterCloseable(canceller);
      if (!opened) {
        calls.free();
      }
    }
    return calls;
  }

  private void open(
      StreamingRuntimeContext context,
      ChainSpec spec,
      KeyedStateAccess state,
      BroadcastStates broadcastStates,
      int bufferBytes) {
    int count = spec.steps.size();
    int[] kinds = new int[count];
    String[] names = new String[count];
    byte[][] payloads = new byte[count][];
    byte[][] outSchemas = new byte[count][];
    for (int i = 0; i < count; i++) {
      PythonStep step = spec.steps.get(i);
      kinds[i] = step.kind;
      names[i] = step.name;
      payloads[i] = step.payload;
      byte[] schema = ChainSpec.encodedSchema(step.outType);
      boolean passesOn =
          step.kind == PythonStep.KEY_BY
              || step.kind == PythonStep.PARTITION
              || step.kind == PythonStep.FILTER
              || step.kind == PythonStep.VALUES
              || step.kind == PythonStep.ASSIGN_TIMESTAMPS
              || step.kind == PythonStep.WATERMARKS;
      // An undeclared type is not checked, nor is a value that the step only passes on.
      outSchemas[i] = schema[0] == 'o' || passesOn ? null : schema;
    }
    int inputs = spec.inputs.size();
    int[] inModes = new int[inputs];
    byte[][] inSchemas = new byte[inputs][];
    byte[][] inKeySchemas = new byte[inputs][];
    for (int i = 0; i < inputs; i++) {
      InputSpec input = spec.inputs.get(i);
      inModes[i] = input.encoded ? NativeChain.ENCODED : NativeChain.TYPED;
      inSchemas[i] = input.schema();
      inKeySchemas[i] = input.keySchema();
    }
    TaskInfo task = context.getTaskInfo();
    NativeChain.open(
        handle,
        context,
        spec.joinedName(),
        task.getIndexOfThisSubtask(),
        task.getNumberOfParallelSubtasks(),
        kinds,
        names,
        payloads,
        outSchemas,
        inModes,
        inSchemas,
        inKeySchemas,
        spec.outEncoded ? NativeChain.ENCODED : NativeChain.TYPED,
        spec.outSchema(),
        spec.outKeySchema(),
        state,
        broadcastStates,
        spec.batchMode,
        bufferBytes);
    if (spec.lastStep().kind == PythonStep.PARTITION) {
      NativeChain.partitions(handle, spec.lastStep().partitions);
    }
    for (int i = 0; i < count; i++) {
      // Their numbers in the records are those of ChainOutput.
      for (SideOutput side : spec.steps.get(i).sideOutputs) {
        NativeChain.sideOutput(
            handle,
            i,
            side.id,
            side.encoded ? NativeChain.ENCODED : NativeChain.TYPED,
            side.schema());
      }
    }
  }

  @Override
  public ByteBuffer input() {
    return NativeChain.input(handle);
  }

  @Override
  public ByteBuffer output() {
    return NativeChain.output(handle);
  }

  @Override
  public ByteBuffer growInput(int minCapacity) {
    return NativeChain.growInput(handle, minCapacity);
  }

  @Override
  public long run(int inBytes) {
    return NativeChain.run(handle, inBytes);
  }

  @Override
  public long endInput() {
    return NativeChain.endInput(handle);
  }

  @Override
  public long flushState() {
    return NativeChain.flushState(handle);
  }

  @Override
  public void cancel() {
    cancelOnce();
  }

  private void cancelUntilFreed() {
    if (cancelOnce()) {
      CancelRepeater.add(this::cancelOnce);
    }
  }

  /** False when the task has left its functions for good. */
  private synchronized boolean cancelOnce() {
    if (!freed) {
      NativeChain.cancel(handle);
    }
    return !freed;
  }

  @Override
  public void close() {
    try {
      NativeChain.close(handle);
    } finally {
      free();
    }
  }

  private synchronized void free() {
    freed = true;
    NativeChain.free(handle);
  }
}
