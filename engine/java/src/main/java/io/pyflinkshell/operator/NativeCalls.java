// ChainCalls on the native engine.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;

/** Holds the handle. */
final class NativeCalls implements ChainCalls {
  private final long handle;

  private NativeCalls(long handle) {
    this.handle = handle;
  }

  static ChainCalls open(
      PythonChainOperator<?, ?> operator, ChainSpec spec, KeyedStateAccess state, int bufferBytes) {
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
              || step.kind == PythonStep.FILTER
              || step.kind == PythonStep.VALUES
              || step.kind == PythonStep.ASSIGN_TIMESTAMPS;
      // An undeclared type is not checked, nor is a value that the step only passes on.
      outSchemas[i] = schema[0] == 'o' || passesOn ? null : schema;
    }
    StreamingRuntimeContext context = operator.getRuntimeContext();
    TaskInfo task = context.getTaskInfo();
    return new NativeCalls(
        NativeChain.open(
            context,
            spec.joinedName(),
            task.getIndexOfThisSubtask(),
            task.getNumberOfParallelSubtasks(),
            kinds,
            names,
            payloads,
            outSchemas,
            spec.inEncoded ? NativeChain.ENCODED : NativeChain.TYPED,
            spec.inSchema(),
            spec.inKeySchema(),
            spec.outEncoded ? NativeChain.ENCODED : NativeChain.TYPED,
            spec.outSchema(),
            spec.outKeySchema(),
            state,
            spec.batchMode,
            bufferBytes));
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
    NativeChain.cancel(handle);
  }

  @Override
  public void close() {
    NativeChain.close(handle);
  }
}
