// What native code needs of Flink's keyed state: bytes by key.
package io.pyflinkshell.operator;

/** Called on the task's thread with the GIL released, on a miss or an eviction of C's cache. */
interface KeyedStateAccess {
  /** The value of this key, or null. */
  byte[] get(byte[] key) throws Exception;

  /** Replaces the value of this key; null removes it. */
  void put(byte[] key, byte[] value) throws Exception;
}
