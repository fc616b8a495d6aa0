// What native code needs of Flink's keyed state: bytes by key.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Called on the task's thread, on a miss or an eviction of C's cache. */
interface KeyedStateAccess {
  int READ = 1;
  int READ_ENTRY = 2;
  int HAS_ENTRIES = 3;
  int ITERATE = 4;
  int NEXT = 5;
  int KEYS = 6;

  /** What a key has in a state; see runtime_state.h. Null: nothing. */
  byte[] ask(int question, int state, byte[] key, byte[] argument) throws Exception;

  /** Applies the frames of changes between position and limit; see runtime_state.h. */
  void apply(ByteBuffer changes) throws Exception;

  default void apply(byte[] changes) throws Exception {
    apply(ByteBuffer.wrap(changes).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** So many records were processed, or timers fired. */
  default void processed(int count) {}

  /** Whether an answer may take as long as reading a file. */
  boolean onDisk();

  /** How many objects may be cached; 0 for the default. */
  int cacheSize();
}
