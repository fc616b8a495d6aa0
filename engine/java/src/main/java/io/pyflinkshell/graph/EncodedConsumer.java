// A node that is no Python chain but can take encoded records.
package io.pyflinkshell.graph;

/** Implemented by the operator factory of the node, for example of the collect sink. */
public interface EncodedConsumer {
  /** Tells the form of the records that will arrive: schema of the values, and whether encoded. */
  void useInput(boolean encoded, byte[] schema);
}
