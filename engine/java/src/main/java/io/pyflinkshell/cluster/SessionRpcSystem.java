// Flink's RPC system, started the quick way: from our own class path (no jar unpacked at each
// start, classes from the class archive), and one actor system where MiniCluster asks for two.
package io.pyflinkshell.cluster;

import java.net.InetSocketAddress;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.AddressResolution;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;

/** For one cluster: it remembers the service that it made first. */
final class SessionRpcSystem implements RpcSystem {
  private static final String IMPLEMENTATION = "org.apache.flink.runtime.rpc.pekko.PekkoRpcSystem";

  private final RpcSystem system;
  private RpcService first;

  SessionRpcSystem(Configuration configuration) {
    this.system = load(configuration);
  }

  /** Named as text, because the build does not know that jar; Flink's own loader else. */
  private static RpcSystem load(Configuration configuration) {
    try {
      return (RpcSystem) Class.forName(IMPLEMENTATION).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      return RpcSystem.load(configuration);
    }
  }

  /** The first is the cluster's; the second, for metric queries, closes after all its users. */
  @Override
  public RpcServiceBuilder localServiceBuilder(Configuration configuration) {
    return new SharingBuilder(first == null ? system.localServiceBuilder(configuration) : null);
  }

  @Override
  public RpcServiceBuilder remoteServiceBuilder(
      Configuration configuration, String externalAddress, String externalPortRange) {
    return system.remoteServiceBuilder(configuration, externalAddress, externalPortRange);
  }

  @Override
  public void close() {
    system.close();
  }

  @Override
  public String getRpcUrl(
      String hostname,
      int port,
      String endpointName,
      AddressResolution addressResolution,
      Configuration config)
      throws java.net.UnknownHostException {
    return system.getRpcUrl(hostname, port, endpointName, addressResolution, config);
  }

  @Override
  public InetSocketAddress getInetSocketAddressFromRpcUrl(String url) throws Exception {
    return system.getInetSocketAddressFromRpcUrl(url);
  }

  @Override
  public long getMaximumMessageSizeInBytes(Configuration config) {
    return system.getMaximumMessageSizeInBytes(config);
  }

  /** Passes on to Flink's builder, or ignores all settings when the service is there already. */
  private final class SharingBuilder implements RpcServiceBuilder {
    private RpcServiceBuilder builder;

    SharingBuilder(RpcServiceBuilder builder) {
      this.builder = builder;
    }

    private RpcServiceBuilder use(RpcServiceBuilder changed) {
      builder = changed;
      return this;
    }

    @Override
    public RpcServiceBuilder withComponentName(String name) {
      return builder == null ? this : use(builder.withComponentName(name));
    }

    @Override
    public RpcServiceBuilder withBindAddress(String address) {
      return builder == null ? this : use(builder.withBindAddress(address));
    }

    @Override
    public RpcServiceBuilder withBindPort(int port) {
      return builder == null ? this : use(builder.withBindPort(port));
    }

    @Override
    public RpcServiceBuilder withExecutorConfiguration(FixedThreadPoolExecutorConfiguration pool) {
      return builder == null ? this : use(builder.withExecutorConfiguration(pool));
    }

    @Override
    public RpcServiceBuilder withExecutorConfiguration(ForkJoinExecutorConfiguration pool) {
      return builder == null ? this : use(builder.withExecutorConfiguration(pool));
    }

    @Override
    public RpcService createAndStart() throws Exception {
      if (builder != null) {
        first = builder.createAndStart();
      }
      return first;
    }
  }
}
