// The jobs of an interactive session by number: the cell that started each, its state, its counts,
// its last lines. Told to the front end when they change, and twice a second while they run.
package io.pyflinkshell.cluster;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonGenerator;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.streaming.api.transformations.WithBoundedness;
import org.apache.flink.util.MdcUtils;
import org.slf4j.MDC;

/** Python asks here; answers are JSON. */
public final class SessionJobs {
  private static final int KEPT = 100;
  private static final int TAIL_LINES = 1000;
  private static final int TAIL_BYTES = 256 << 10;
  private static final long TICK_MILLIS = 500;
  private static final long UNBOUNDED = -1;
  private static final JsonFactory JSON = new JsonFactory();

  private static final TreeMap<Integer, Job> JOBS = new TreeMap<>();
  private static final Map<String, Job> BY_ID = new ConcurrentHashMap<>();
  private static int last;
  private static Thread ticker;
  private static volatile long lineLimit = -1;

  private static final Map<Pipeline, Long> EXPECTED = new WeakHashMap<>();
  private static JobID expectedOf;
  private static long expected;

  private SessionJobs() {}

  /** One job; what changes is guarded by its own lock. */
  static final class Job {
    final long cell;
    private final int number;
    private final JobID id;
    private final String name;
    private final long started = System.currentTimeMillis();
    private final long expected;
    // Operators that read or write outside of the job, by vertex.
    private final Map<String, String> sources = new HashMap<>();
    private final Map<String, String> sinks = new HashMap<>();
    private final Deque<byte[]> tail = new ArrayDeque<>();
    private int tailBytes;
    private long lines;
    private long withheld;
    private LocalCluster cluster;
    private SessionJobClient client;
    private JobStatus state = JobStatus.INITIALIZING;
    private boolean waitedFor;
    private long ended;
    private long counted;
    private long countedAt = started;
    private double rate;
    private AccessExecutionGraph finalGraph;

    Job(int number, JobGraph graph, long cell, long expected) {
      this.number = number;
      this.id = graph.getJobID();
      this.name = graph.getName();
      this.cell = cell;
      this.expected = expected;
      for (JobVertex vertex : graph.getVertices()) {
        List<OperatorIDPair> operators = vertex.getOperatorIDs();
        String id = vertex.getID().toString();
        if (vertex.getInputs().isEmpty()) {
          OperatorID source = operators.get(operators.size() - 1).getGeneratedOperatorID();
          sources.put(id, source.toString());
        }
        if (vertex.getProducedDataSets().isEmpty()) {
          OperatorID sink = operators.get(0).getGeneratedOperatorID();
          sinks.put(id, sink.toString());
        }
      }
    }

    /** Keeps the last lines; whether this one is to be shown. */
    synchronized boolean printed(byte[] bytes, int offset, int length) {
      byte[] line = new byte[length];
      System.arraycopy(bytes, offset, line, 0, length);
      tail.add(line);
      tailBytes += length;
      while (tail.size() > TAIL_LINES || tailBytes > TAIL_BYTES && tail.size() > 1) {
        tailBytes -= tail.remove().length;
      }
      long limit = lineLimit;
      lines++;
      if (limit < 0 || lines <= limit) {
        return true;
      }
      withheld++;
      return false;
    }

    private String job() {
      return id.toString();
    }

    private long recordsIn() {
      return sum(sources, "numRecordsOut");
    }

    private long recordsOut() {
      return sum(sinks, "numRecordsIn");
    }

    private long sum(Map<String, String> operators, String metric) {
      long sum = 0;
      for (String operator : operators.values()) {
        sum += count(operator, metric);
      }
      return sum;
    }

    private long count(String operator, String metric) {
      return Math.max(0, SessionMetrics.operatorCount(job(), operator, metric));
    }

    private synchronized void measure() {
      long now = System.currentTimeMillis();
      if (now - countedAt >= TICK_MILLIS / 2) {
        long records = recordsIn();
        rate = (records - counted) * 1000.0 / (now - countedAt);
        counted = records;
        countedAt = now;
      }
    }

    private void write(JsonGenerator json) throws IOException {
      long records = recordsIn();
      json.writeStartObject();
      json.writeNumberField("job", number);
      json.writeStringField("job_id", job());
      json.writeStringField("name", name);
      json.writeStringField("state", state.name());
      json.writeNumberField("started", started);
      json.writeNumberField("millis", (ended > 0 ? ended : System.currentTimeMillis()) - started);
      json.writeNumberField("records", records);
      json.writeNumberField("records_out", recordsOut());
      json.writeNumberField("rate", ended > 0 ? 0 : Math.round(rate));
      if (expected > 0) {
        json.writeNumberField("percent", Math.min(100, 100 * records / expected));
      } else {
        json.writeNullField("percent");
      }
      json.writeBooleanField("bounded", expected != UNBOUNDED);
      json.writeBooleanField("foreground", waitedFor);
      json.writeNumberField("withheld", withheld);
      json.writeEndObject();
    }
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static String json(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** The job that the calling thread works for, or null. */
  static Job ofThread() {
    if (BY_ID.isEmpty()) {
      return null;
    }
    String id = MDC.get(MdcUtils.JOB_ID);
    return id == null ? null : BY_ID.get(id);
  }

  /** The cell of the job that the calling thread works for, or 0. Called by engine/session. */
  static long cellOfThread() {
    Job job = ofThread();
    return job == null ? 0 : job.cell;
  }

  /** Remembers whether a program is bounded, and how many records it reads when that is known. */
  static void noteSources(Pipeline program, Collection<Transformation<?>> nodes) {
    if (SessionOutput.isActive()) {
      synchronized (EXPECTED) {
        EXPECTED.put(program, expectedRecords(nodes));
      }
    }
  }

  /** The job with this id is going to run the program. */
  static void expect(JobID id, Pipeline program) {
    synchronized (EXPECTED) {
      expectedOf = id;
      expected = EXPECTED.getOrDefault(program, UNBOUNDED);
    }
  }

  private static long expectedRecords(Collection<Transformation<?>> nodes) {
    long sum = 0;
    boolean known = true;
    for (Transformation<?> node : nodes) {
      if (!node.getInputs().isEmpty()) {
        continue;
      }
      if (!(node instanceof WithBoundedness)
          || ((WithBoundedness) node).getBoundedness() != Boundedness.BOUNDED) {
        return UNBOUNDED;
      }
      Object source =
          node instanceof SourceTransformation
              ? ((SourceTransformation<?, ?, ?>) node).getSource()
              : null;
      if (source instanceof NumberSequenceSource) {
        NumberSequenceSource numbers = (NumberSequenceSource) source;
        sum += numbers.getTo() - numbers.getFrom() + 1;
      } else {
        known = false;
      }
    }
    return known ? sum : 0;
  }

  /** Before a job is submitted, on the thread that submits it. */
  static void begin(JobGraph graph) {
    if (!SessionOutput.isActive()) {
      return;
    }
    long cell = SessionOutput.currentCell();
    long records;
    synchronized (EXPECTED) {
      records = graph.getJobID().equals(expectedOf) ? expected : UNBOUNDED;
    }
    Job job;
    synchronized (JOBS) {
      job = new Job(++last, graph, cell, records);
      JOBS.put(job.number, job);
      BY_ID.put(job.job(), job);
      SessionMetrics.keep(job.job());
      if (JOBS.size() > KEPT) {
        forgetOne();
      }
    }
  }

  private static void forgetOne() {
    for (Job old : JOBS.values()) {
      if (old.ended > 0) {
        JOBS.remove(old.number);
        BY_ID.remove(old.job());
        SessionMetrics.forget(old.job());
        return;
      }
    }
  }

  /** The cluster has accepted a job. */
  static void running(LocalCluster cluster, SessionJobClient client) {
    Job job = BY_ID.get(client.getJobID().toString());
    if (job == null) {
      return;
    }
    synchronized (job) {
      job.cluster = cluster;
      job.client = client;
      job.state = JobStatus.RUNNING;
    }
    tell(job);
    synchronized (JOBS) {
      if (ticker == null) {
        ticker = new Thread(SessionJobs::tick, "pyflink-session-jobs");
        ticker.setDaemon(true);
        ticker.start();
      }
      JOBS.notifyAll();
    }
    client.getJobExecutionResult().whenComplete((result, error) -> ended(job, error));
  }

  /** A job that the cluster refused is none. */
  static void refused(JobID id) {
    Job job = BY_ID.remove(id.toString());
    if (job != null) {
      synchronized (JOBS) {
        JOBS.remove(job.number);
      }
      SessionMetrics.forget(job.job());
    }
  }

  private static void ended(Job job, Throwable error) {
    JobStatus state = job.client.getJobStatus().join();
    boolean silent;
    synchronized (job) {
      job.state = state;
      job.ended = System.currentTimeMillis();
      silent = job.waitedFor || state != JobStatus.FAILED;
    }
    if (!silent) {
      SessionOutput.tell(
          job.cell,
          "job " + job.number + " '" + job.name + "' failed; %wait " + job.number + " shows why");
    }
    if (job.withheld > 0) {
      SessionOutput.tell(
          job.cell,
          "job " + job.number + " printed " + job.withheld + " lines more than the limit");
    }
    tell(job);
  }

  private static void tell(Job job) {
    SessionOutput.send(job.cell, "job_status", json(job::write));
  }

  private static void tick() {
    while (true) {
      try {
        List<Job> running = new ArrayList<>();
        synchronized (JOBS) {
          for (Job job : JOBS.values()) {
            if (job.client != null && job.ended == 0) {
              running.add(job);
            }
          }
          if (running.isEmpty()) {
            JOBS.wait();
            continue;
          }
        }
        Thread.sleep(TICK_MILLIS);
        for (Job job : running) {
          watch(job);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void watch(Job job) {
    JobStatus before = job.state;
    job.client.getJobStatus().whenComplete((state, error) -> changed(job, before, state));
    job.measure();
    if (job.ended == 0) {
      tell(job);
    }
  }

  /** Takes the state that a job has now; a cluster that does not answer at once leaves the old. */
  private static void refresh(Job job) {
    if (job.client == null || job.ended > 0) {
      return;
    }
    try {
      changed(job, job.state, job.client.getJobStatus().get(1, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void changed(Job job, JobStatus before, JobStatus state) {
    if (state == null || state == before || job.ended > 0) {
      return;
    }
    synchronized (job) {
      if (job.ended == 0) {
        job.state = state;
      }
    }
    if (state == JobStatus.RESTARTING) {
      SessionOutput.tell(job.cell, "job " + job.number + " '" + job.name + "' restarts");
    }
  }

  // ---- what Python asks -----------------------------------------------------------------------

  /** Says that a cell waits for a job, or has stopped to; its failure is then the cell's. */
  public static void waitedFor(JobClient client, boolean waited) {
    Job job = BY_ID.isEmpty() ? null : BY_ID.get(client.getJobID().toString());
    if (job != null) {
      synchronized (job) {
        job.waitedFor = waited;
      }
    }
  }

  /** Sets how many lines of a job are shown; negative for all. */
  public static void setLineLimit(long lines) {
    lineLimit = lines;
  }

  /** All jobs that are remembered, as a JSON array. */
  public static String list() {
    List<Job> jobs;
    synchronized (JOBS) {
      jobs = new ArrayList<>(JOBS.values());
    }
    return list(jobs);
  }

  private static String list(List<Job> jobs) {
    return json(
        json -> {
          json.writeStartArray();
          for (Job job : jobs) {
            refresh(job);
            job.measure();
            job.write(json);
          }
          json.writeEndArray();
        });
  }

  /** How many jobs the session has begun so far. */
  public static int begun() {
    synchronized (JOBS) {
      return last;
    }
  }

  /** The jobs that a cell has begun, as a JSON array. */
  public static String ofCell(long cell) {
    List<Job> jobs = new ArrayList<>();
    synchronized (JOBS) {
      for (Job job : JOBS.values()) {
        if (job.cell == cell) {
          jobs.add(job);
        }
      }
    }
    return list(jobs);
  }

  /** A job as JSON, or null. The cluster is asked for its state only when a cell waited for it. */
  public static String state(int number) {
    Job job = find(number);
    if (job == null) {
      return null;
    }
    if (job.waitedFor) {
      refresh(job);
    }
    return json(job::write);
  }

  /** The client of a job, or null when there is no such job. */
  public static SessionJobClient client(int number) {
    Job job = find(number);
    return job == null ? null : job.client;
  }

  /** The last lines that a job printed, in UTF-8; null when there is no such job. */
  public static byte[] tail(int number, int lines) {
    Job job = find(number);
    if (job == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    synchronized (job) {
      int skipped = job.tail.size() - lines;
      for (byte[] line : job.tail) {
        if (skipped-- <= 0) {
          text.append(new String(line, StandardCharsets.UTF_8));
        }
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Job find(int number) {
    synchronized (JOBS) {
      return JOBS.get(number);
    }
  }

  /** A job with its vertices and checkpoints as JSON, or null. */
  public static String describe(int number) throws Exception {
    Job job = find(number);
    if (job == null) {
      return null;
    }
    refresh(job);
    job.measure();
    AccessExecutionGraph graph = graphOf(job);
    return json(
        json -> {
          json.writeStartObject();
          json.writeFieldName("job");
          job.write(json);
          json.writeArrayFieldStart("vertices");
          if (graph != null) {
            for (AccessExecutionJobVertex vertex : graph.getVerticesTopologically()) {
              writeVertex(json, job, vertex);
            }
          }
          json.writeEndArray();
          json.writeStringField("plan", graph == null ? "{}" : graph.getJsonPlan());
          json.writeFieldName("checkpoints");
          writeCheckpoints(json, graph == null ? null : graph.getCheckpointStatsSnapshot());
          json.writeEndObject();
        });
  }

  private static AccessExecutionGraph graphOf(Job job) throws Exception {
    if (job.finalGraph == null && job.cluster != null) {
      try {
        AccessExecutionGraph graph = job.cluster.getExecutionGraph(job.id).get(5, TimeUnit.SECONDS);
        if (graph.getState().isGloballyTerminalState()) {
          job.finalGraph = graph;
        }
        return graph;
      } catch (ExecutionException | IllegalStateException e) {
        return null; // the job has ended with its cluster
      }
    }
    return job.finalGraph;
  }

  private static void writeVertex(JsonGenerator json, Job job, AccessExecutionJobVertex vertex)
      throws IOException {
    String id = vertex.getJobVertexId().toString();
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("name", vertex.getName());
    json.writeNumberField("parallelism", vertex.getParallelism());
    json.writeStringField("state", vertex.getAggregateState().name());
    Map<String, Double> metrics = SessionMetrics.vertex(job.job(), id);
    // What a source reads and a sink writes crosses no edge, so the task does not count it.
    if (job.sources.containsKey(id)) {
      long read = job.count(job.sources.get(id), "numRecordsOut");
      metrics.put("numRecordsIn", (double) read);
    }
    if (job.sinks.containsKey(id)) {
      long written = job.count(job.sinks.get(id), "numRecordsIn");
      metrics.put("numRecordsOut", (double) written);
    }
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      json.writeNumberField(metric.getKey(), metric.getValue());
    }
    json.writeEndObject();
  }

  private static void writeCheckpoints(JsonGenerator json, CheckpointStatsSnapshot stats)
      throws IOException {
    if (stats == null) {
      json.writeNull();
      return;
    }
    CheckpointStatsCounts counts = stats.getCounts();
    json.writeStartObject();
    json.writeNumberField("completed", counts.getNumberOfCompletedCheckpoints());
    json.writeNumberField("failed", counts.getNumberOfFailedCheckpoints());
    json.writeNumberField("in_progress", counts.getNumberOfInProgressCheckpoints());
    if (stats.getHistory() != null && stats.getHistory().getLatestCompletedCheckpoint() != null) {
      json.writeNumberField(
          "last_millis", stats.getHistory().getLatestCompletedCheckpoint().getEndToEndDuration());
      json.writeNumberField(
          "last_bytes", stats.getHistory().getLatestCompletedCheckpoint().getStateSize());
    }
    json.writeEndObject();
  }
}
