// What the factories of Python operators have in common.
package io.pyflinkshell.operator;

/** The graph translation finds Python operators by this type and reads their specification. */
public interface PythonOperatorFactory {
  ChainSpec spec();
}
