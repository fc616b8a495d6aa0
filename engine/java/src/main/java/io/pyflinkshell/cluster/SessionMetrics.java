// The live counters of the session's jobs, for %jobs, %job and progress. Flink registers them here
// as with any reporter; nothing is read before someone asks.
package io.pyflinkshell.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Counters outlive their task, so that the sums of an ended job stay. */
public final class SessionMetrics implements MetricReporter {
  static final String OPTION = "metrics.reporter.pyflink-session.factory.class";

  private static final Set<String> COUNTERS = Set.of("numRecordsIn", "numRecordsOut");
  private static final Set<String> GAUGES =
      Set.of("busyTimeMsPerSecond", "backPressuredTimeMsPerSecond", "idleTimeMsPerSecond");
  private static final Map<String, Map<Key, Metric>> JOBS = new ConcurrentHashMap<>();

  /** Named in the services of the jar. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new SessionMetrics();
    }
  }

  /** One metric of one subtask; {@code operator} is "" for those of the task. */
  private static final class Key {
    final String task;
    final String operator;
    final String subtask;
    final String metric;

    Key(String task, String operator, String subtask, String metric) {
      this.task = task;
      this.operator = operator;
      this.subtask = subtask;
      this.metric = metric;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }

    @Override
    public String toString() {
      return task + '\0' + operator + '\0' + subtask + '\0' + metric;
    }
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    Key key = keyOf(metric, name, group);
    Map<Key, Metric> job = key == null ? null : JOBS.get(jobOf(group));
    if (job != null) {
      job.put(key, metric);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    Key key = keyOf(metric, name, group);
    Map<Key, Metric> job = key == null ? null : JOBS.get(jobOf(group));
    if (job != null && metric instanceof Gauge) {
      job.remove(key, metric);
    }
  }

  private static String jobOf(MetricGroup group) {
    return String.valueOf(group.getAllVariables().get("<job_id>"));
  }

  private static Key keyOf(Metric metric, String name, MetricGroup group) {
    boolean wanted =
        metric instanceof Counter
            ? COUNTERS.contains(name)
            : metric instanceof Gauge && GAUGES.contains(name);
    if (!wanted) {
      return null;
    }
    Map<String, String> variables = group.getAllVariables();
    if (!variables.containsKey("<subtask_index>")) {
      return null;
    }
    return new Key(
        variables.get("<task_id>"),
        variables.getOrDefault("<operator_id>", ""),
        variables.get("<subtask_index>"),
        name);
  }

  /** Begins to keep the metrics of a job; before it is submitted. */
  static void keep(String job) {
    JOBS.put(job, new ConcurrentHashMap<>());
  }

  static void forget(String job) {
    JOBS.remove(job);
  }

  /** The sum of a counter over the subtasks of an operator, or -1 when there is none. */
  static long operatorCount(String job, String operator, String metric) {
    long sum = -1;
    for (Map.Entry<Key, Metric> entry : entries(job)) {
      Key key = entry.getKey();
      if (key.operator.equals(operator) && key.metric.equals(metric)) {
        sum = Math.max(sum, 0) + ((Counter) entry.getValue()).getCount();
      }
    }
    return sum;
  }

  /** Sums of a vertex's counters, and the largest of its gauges, by metric. */
  static Map<String, Double> vertex(String job, String task) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<Key, Metric> entry : entries(job)) {
      Key key = entry.getKey();
      if (!key.task.equals(task) || !key.operator.isEmpty()) {
        continue;
      }
      if (entry.getValue() instanceof Counter) {
        values.merge(key.metric, (double) ((Counter) entry.getValue()).getCount(), Double::sum);
      } else {
        Object value = ((Gauge<?>) entry.getValue()).getValue();
        if (value instanceof Number) {
          values.merge(key.metric, ((Number) value).doubleValue(), Math::max);
        }
      }
    }
    return values;
  }

  private static List<Map.Entry<Key, Metric>> entries(String job) {
    Map<Key, Metric> metrics = JOBS.get(job);
    return metrics == null ? List.of() : new ArrayList<>(metrics.entrySet());
  }
}
