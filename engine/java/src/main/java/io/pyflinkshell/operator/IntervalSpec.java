// Which records of two keyed streams an interval join pairs.
package io.pyflinkshell.operator;

import java.io.Serializable;

/** Immutable. Times in milliseconds, of the second record relative to the first. */
public final class IntervalSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  final long lower;
  final long upper;
  final boolean lowerInclusive;
  final boolean upperInclusive;

  /** Whether somebody wants the records of a stream that come too late. */
  final boolean leftLate;

  final boolean rightLate;

  public IntervalSpec(
      long lower,
      long upper,
      boolean lowerInclusive,
      boolean upperInclusive,
      boolean leftLate,
      boolean rightLate) {
    this.lower = lower;
    this.upper = upper;
    this.lowerInclusive = lowerInclusive;
    this.upperInclusive = upperInclusive;
    this.leftLate = leftLate;
    this.rightLate = rightLate;
  }
}
