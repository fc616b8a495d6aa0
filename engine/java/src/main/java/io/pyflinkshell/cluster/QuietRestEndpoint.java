// The REST endpoint of a cluster whose user did not ask for one: it answers nothing.
// Flink cannot do without the object, but its 80 handlers would take their time at each start.
package io.pyflinkshell.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.blob.TransientBlobService;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.dispatcher.DispatcherRestEndpoint;
import org.apache.flink.runtime.leaderelection.LeaderElection;
import org.apache.flink.runtime.resourcemanager.ResourceManagerGateway;
import org.apache.flink.runtime.rest.RestEndpointFactory;
import org.apache.flink.runtime.rest.handler.RestHandlerConfiguration;
import org.apache.flink.runtime.rest.handler.RestHandlerSpecification;
import org.apache.flink.runtime.rest.handler.legacy.metrics.MetricFetcher;
import org.apache.flink.runtime.rpc.FatalErrorHandler;
import org.apache.flink.runtime.webmonitor.WebMonitorEndpoint;
import org.apache.flink.runtime.webmonitor.retriever.LeaderGatewayRetriever;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandler;

/** Made by its {@link Factory}. */
final class QuietRestEndpoint extends DispatcherRestEndpoint {

  private QuietRestEndpoint(
      LeaderGatewayRetriever<DispatcherGateway> leaders,
      Configuration configuration,
      RestHandlerConfiguration handlers,
      LeaderGatewayRetriever<ResourceManagerGateway> resourceManagers,
      TransientBlobService blobs,
      ScheduledExecutorService executor,
      MetricFetcher metrics,
      LeaderElection election,
      FatalErrorHandler fatalErrors)
      throws Exception {
    super(
        leaders,
        configuration,
        handlers,
        resourceManagers,
        blobs,
        executor,
        metrics,
        election,
        RestEndpointFactory.createExecutionGraphCache(handlers),
        fatalErrors);
  }

  @Override
  protected List<Tuple2<RestHandlerSpecification, ChannelInboundHandler>> initializeHandlers(
      CompletableFuture<String> localAddress) {
    return new ArrayList<>();
  }

  /** In place of Flink's factory. */
  enum Factory implements RestEndpointFactory<DispatcherGateway> {
    INSTANCE;

    @Override
    public WebMonitorEndpoint<DispatcherGateway> createRestEndpoint(
        Configuration configuration,
        LeaderGatewayRetriever<DispatcherGateway> leaders,
        LeaderGatewayRetriever<ResourceManagerGateway> resourceManagers,
        TransientBlobService blobs,
        ScheduledExecutorService executor,
        MetricFetcher metrics,
        LeaderElection election,
        FatalErrorHandler fatalErrors)
        throws Exception {
      return new QuietRestEndpoint(
          leaders,
          configuration,
          RestHandlerConfiguration.fromConfiguration(configuration),
          resourceManagers,
          blobs,
          executor,
          metrics,
          election,
          fatalErrors);
    }
  }
}
