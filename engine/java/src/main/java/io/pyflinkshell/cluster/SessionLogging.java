// Logging of an interactive session: records of jobs at WARN and above, one line each, to the cell
// that started the job. log4j's own core, which takes 90 ms to start, stays away.
package io.pyflinkshell.cluster;

import java.net.URI;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.MessageFactory;
import org.apache.logging.log4j.message.ParameterizedMessageFactory;
import org.apache.logging.log4j.simple.SimpleLogger;
import org.apache.logging.log4j.simple.SimpleLoggerContext;
import org.apache.logging.log4j.spi.ExtendedLogger;
import org.apache.logging.log4j.spi.LoggerContext;
import org.apache.logging.log4j.spi.LoggerContextFactory;
import org.apache.logging.log4j.spi.LoggerRegistry;
import org.apache.logging.log4j.util.PropertiesUtil;

/** Named by the option log4j2.loggerContextFactory. */
public final class SessionLogging implements LoggerContextFactory {
  /** Tells of failures that the session reports itself. */
  private static final String TASK_LOGGER = "org.apache.flink.runtime.taskmanager.Task";

  /** Warns of heartbeats that a job which has just ended does not send any more. */
  private static final String ENDED_LOGGER =
      "org.apache.flink.runtime.rpc.RpcEndpoint$MainThreadExecutor";

  private static final PropertiesUtil NO_PROPERTIES =
      new PropertiesUtil(new java.util.Properties());

  private final Context context = new Context();

  @Override
  public LoggerContext getContext(
      String fqcn, ClassLoader loader, Object external, boolean currentContext) {
    return context;
  }

  @Override
  public LoggerContext getContext(
      String fqcn,
      ClassLoader loader,
      Object external,
      boolean currentContext,
      URI configLocation,
      String name) {
    return context;
  }

  @Override
  public void removeContext(LoggerContext removed) {}

  @Override
  public boolean isClassLoaderDependent() {
    return false;
  }

  private static final class Context extends SimpleLoggerContext {
    private final LoggerRegistry<ExtendedLogger> loggers = new LoggerRegistry<>();

    @Override
    public ExtendedLogger getLogger(String name) {
      return getLogger(name, ParameterizedMessageFactory.INSTANCE);
    }

    @Override
    public ExtendedLogger getLogger(String name, MessageFactory factory) {
      ExtendedLogger known = loggers.getLogger(name, factory);
      if (known == null) {
        loggers.putIfAbsent(name, factory, new CellLogger(name, factory));
        known = loggers.getLogger(name, factory);
      }
      return known;
    }
  }

  private static final class CellLogger extends SimpleLogger {
    private static final long serialVersionUID = 1L;

    CellLogger(String name, MessageFactory factory) {
      super(
          name,
          TASK_LOGGER.equals(name) || ENDED_LOGGER.equals(name) ? Level.ERROR : Level.WARN,
          true,
          true,
          false,
          false,
          "",
          factory,
          NO_PROPERTIES,
          System.err);
    }

    @Override
    public void logMessage(
        String fqcn, Level level, Marker marker, Message message, Throwable error) {
      SessionJobs.Job job = SessionJobs.ofThread();
      // A cluster that goes down has much to say that helps nobody.
      if (job == null || SessionCluster.isClosed()) {
        return;
      }
      String name = getName();
      StringBuilder line = new StringBuilder();
      line.append(level).append(' ').append(name.substring(name.lastIndexOf('.') + 1));
      line.append(": ").append(message.getFormattedMessage());
      if (error != null) {
        line.append(" (").append(error).append(')');
      }
      SessionOutput.tell(job.cell, line.toString());
    }
  }
}
