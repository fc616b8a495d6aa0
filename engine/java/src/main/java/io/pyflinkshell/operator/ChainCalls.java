// What the operator calls of a chain, so that tests can run it without the native engine.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;

/** One opened chain; see NativeChain for what the results mean. */
interface ChainCalls {
  ByteBuffer input();

  ByteBuffer output();

  ByteBuffer growInput(int minCapacity);

  long run(int inBytes);

  long endInput();

  long flushState();

  /** From any thread. */
  void cancel();

  void close();

  /** Opens chains; the native one unless a test put another in its place. */
  interface Opener {
    ChainCalls open(
        PythonChainOperator<?> operator, ChainSpec spec, KeyedStateAccess state, int bufferBytes)
        throws Exception;
  }
}
