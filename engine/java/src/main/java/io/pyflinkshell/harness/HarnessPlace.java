// Which parallel instance of an operator a harness is.
package io.pyflinkshell.harness;

/** Immutable. */
final class HarnessPlace {
  final int maxParallelism;
  final int parallelism;
  final int subtask;

  HarnessPlace(int maxParallelism, int parallelism, int subtask) {
    this.maxParallelism = maxParallelism;
    this.parallelism = parallelism;
    this.subtask = subtask;
  }
}
