// The state of all operators of a harness at one moment.
package io.pyflinkshell.harness;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.RoundRobinOperatorStateRepartitioner;
import org.apache.flink.runtime.checkpoint.StateAssignmentOperation;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.OperatorStateHandle;

/** Immutable; may be restored any number of times. Its bytes are on the Java heap. */
public final class HarnessSnapshot {
  private final HarnessPlace place;
  private final List<String> names = new ArrayList<>();
  private final List<OperatorSubtaskState> states = new ArrayList<>();

  HarnessSnapshot(HarnessPlace place) {
    this.place = place;
  }

  void add(String operator, OperatorSubtaskState state) {
    names.add(operator);
    states.add(state);
  }

  public int subtask() {
    return place.subtask;
  }

  public int parallelism() {
    return place.parallelism;
  }

  /** Bytes of all state. */
  public long size() {
    long size = 0;
    for (OperatorSubtaskState state : states) {
      size += state.getStateSize();
    }
    return size;
  }

  /** Throws when these are not all subtasks of one program that can become {@code operators}. */
  static void check(List<HarnessSnapshot> all, HarnessPlace to, List<String> operators) {
    HarnessSnapshot first = all.get(0);
    if (!first.names.equals(operators)) {
      throw new IllegalArgumentException(
          "the snapshot is of the operators "
              + first.names
              + ", and this harness has "
              + operators);
    }
    if (first.place.maxParallelism != to.maxParallelism) {
      throw new IllegalArgumentException(
          "the snapshot has max_parallelism "
              + first.place.maxParallelism
              + ", and this harness has "
              + to.maxParallelism
              + "; it cannot change");
    }
    boolean[] seen = new boolean[first.place.parallelism];
    for (HarnessSnapshot snapshot : all) {
      if (snapshot.place.parallelism != seen.length || !snapshot.names.equals(first.names)) {
        throw new IllegalArgumentException(
            "the snapshots are not of one program with one parallelism");
      }
      seen[snapshot.place.subtask] = true;
    }
    if (all.size() == 1 && samePlace(first.place, to)) {
      return;
    }
    for (int i = 0; i < seen.length; i++) {
      if (!seen[i]) {
        throw new IllegalArgumentException(
            "the snapshot of subtask "
                + i
                + " of "
                + seen.length
                + " is missing: to restore with another parallelism, give those of all subtasks");
      }
    }
  }

  private static boolean samePlace(HarnessPlace one, HarnessPlace other) {
    return one.parallelism == other.parallelism && one.subtask == other.subtask;
  }

  /** The part of the state of operator {@code index} that belongs to a subtask. */
  static OperatorSubtaskState of(
      List<HarnessSnapshot> all, int index, OperatorID id, HarnessPlace to) {
    HarnessPlace from = all.get(0).place;
    for (HarnessSnapshot snapshot : all) {
      if (samePlace(snapshot.place, to)) {
        return snapshot.states.get(index);
      }
    }
    OperatorState state = new OperatorState(id, from.parallelism, from.maxParallelism);
    List<List<OperatorStateHandle>> managed = new ArrayList<>();
    List<List<OperatorStateHandle>> raw = new ArrayList<>();
    for (int subtask = 0; subtask < from.parallelism; subtask++) {
      for (HarnessSnapshot snapshot : all) {
        if (snapshot.place.subtask == subtask) {
          OperatorSubtaskState part = snapshot.states.get(index);
          state.putState(subtask, part);
          managed.add(part.getManagedOperatorState().asList());
          raw.add(part.getRawOperatorState().asList());
          break;
        }
      }
    }
    KeyGroupRange range =
        KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
            to.maxParallelism, to.parallelism, to.subtask);
    return OperatorSubtaskState.builder()
        .setManagedKeyedState(
            new StateObjectCollection<>(
                StateAssignmentOperation.getManagedKeyedStateHandles(state, range)))
        .setRawKeyedState(
            new StateObjectCollection<>(
                StateAssignmentOperation.getRawKeyedStateHandles(state, range)))
        .setManagedOperatorState(redistributed(managed, from, to))
        .setRawOperatorState(redistributed(raw, from, to))
        .build();
  }

  private static StateObjectCollection<OperatorStateHandle> redistributed(
      List<List<OperatorStateHandle>> old, HarnessPlace from, HarnessPlace to) {
    List<List<OperatorStateHandle>> parts =
        StateAssignmentOperation.applyRepartitioner(
            RoundRobinOperatorStateRepartitioner.INSTANCE, old, from.parallelism, to.parallelism);
    return new StateObjectCollection<>(parts.get(to.subtask));
  }
}
