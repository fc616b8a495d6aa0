// Flink's RPC system from our own class path: no jar unpacked at each start, and its classes come
// from the class archive. Without flink-rpc-akka.jar there, Flink's own loader is used.
package io.pyflinkshell.cluster;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;

/** Its class is named here only, because the build does not know that jar. */
final class DirectRpcSystem {
  private static final String IMPLEMENTATION = "org.apache.flink.runtime.rpc.pekko.PekkoRpcSystem";

  private DirectRpcSystem() {}

  static RpcSystem load(Configuration configuration) {
    try {
      return (RpcSystem) Class.forName(IMPLEMENTATION).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      return RpcSystem.load(configuration);
    }
  }
}
