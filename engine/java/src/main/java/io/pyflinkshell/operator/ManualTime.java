// A task whose processing time is not the machine's.
package io.pyflinkshell.operator;

/** Implemented by the task of a test harness; Python is then told the time with each batch. */
public interface ManualTime {}
