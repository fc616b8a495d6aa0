// The kept cluster: several jobs, larger ones, options, failures, cancel, collecting, and the end.
package io.pyflinkshell.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pyflinkshell.api.CollectHandle;
import io.pyflinkshell.api.PythonTransforms;
import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.codec.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(60)
class SessionClusterTest {

  @AfterAll
  static void end() throws Exception {
    SessionCluster.close();
  }

  private static SessionEnvironment environment(int parallelism) throws Exception {
    SessionEnvironment env = SessionEnvironment.create(new Configuration());
    env.setParallelism(parallelism);
    return env;
  }

  private static List<Object> read(CollectHandle handle) throws Exception {
    List<Object> rows = new ArrayList<>();
    ValueCodec codec = ValueCodec.of(Types.LONG);
    while (true) {
      byte[] batch = handle.nextBatch(1000);
      if (batch != null && batch.length == 0) {
        return rows;
      }
      ByteBuffer in = ByteBuffer.wrap(batch == null ? new byte[0] : batch);
      in.order(ByteOrder.LITTLE_ENDIAN);
      while (in.hasRemaining()) {
        assertEquals(0, in.get());
        rows.add(codec.read(in));
      }
    }
  }

  @Test
  @Order(1)
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      SessionCluster.startInBackground(new String[] {"rest.port=" + taken.getLocalPort()});
      SessionEnvironment env = environment(1);
      env.fromSequence(1, 2).sinkTo(new DiscardingSink<>());
      Exception error = assertThrows(Exception.class, () -> env.executeAsync("port"));
      ClusterStartException cause =
          ExceptionUtils.findThrowable(error, ClusterStartException.class).orElseThrow();
      assertTrue(cause.getMessage().contains("rest.port=" + taken.getLocalPort()));
    }
    SessionCluster.setOptions(new String[0]);
  }

  @Test
  @Order(2)
  void jobsShareOneClusterAndLargerOnesEnlargeIt() throws Exception {
    for (int parallelism : new int[] {1, 2, 70, 1}) {
      SessionEnvironment env = environment(parallelism);
      try (CollectHandle handle =
          PythonTransforms.collect(env, env.fromSequence(1, 1000).rebalance(), "collect")) {
        assertEquals(0, handle.mode());
        assertEquals('l', handle.schema()[0]);
        List<Object> rows = read(handle);
        assertEquals(1000, rows.size());
        assertEquals(500500L, rows.stream().mapToLong(row -> (Long) row).sum());
      }
    }
    assertEquals(0, SessionCluster.runningJobs());
  }

  @Test
  @Order(3)
  void aJobBesideAFullClusterRunsToo() throws Exception {
    Configuration options = new Configuration();
    options.setString("taskmanager.numberOfTaskSlots", "3");
    SessionEnvironment env = SessionEnvironment.create(options);
    env.setParallelism(3);
    endless(env).sinkTo(new DiscardingSink<>());
    JobClient first = env.executeAsync("first");
    SessionEnvironment other = environment(2);
    other.fromSequence(1, 1000).sinkTo(new DiscardingSink<>());
    assertNotNull(SessionCluster.await(other.executeAsync("beside"), 30_000));
    assertNull(SessionCluster.await(first, 1));
    assertTrue(SessionCluster.cancelAll(20_000));
    assertEquals(JobStatus.CANCELED, first.getJobStatus().get());
    assertThrows(Exception.class, () -> SessionCluster.await(first, 1000));
  }

  /** Runs for ever without taking the processor from others. */
  private static DataStream<Long> endless(SessionEnvironment env) {
    return env.fromSequence(1, Long.MAX_VALUE)
        .map(
            value -> {
              Thread.sleep(1);
              return value;
            })
        .returns(Types.LONG);
  }

  @Test
  @Order(4)
  void collectionsKeepOrderAndNulls() throws Exception {
    ByteBuffer records = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < 50; i++) {
      records.put((byte) 0).putLong(i);
    }
    byte[] batch = new byte[records.position()];
    records.flip();
    records.get(batch);
    SessionEnvironment env = environment(1);
    DataStream<?> source = PythonTransforms.fromCollection(env, batch, Types.LONG);
    List<Object> expected = new ArrayList<>();
    for (long i = 0; i < 50; i++) {
      expected.add(i);
    }
    try (CollectHandle handle = PythonTransforms.collect(env, source, "collection")) {
      assertEquals(expected, read(handle));
    }
    DataStream<?> empty = PythonTransforms.fromCollection(env, new byte[0], Types.LONG);
    try (CollectHandle handle = PythonTransforms.collect(env, empty, "empty")) {
      assertEquals(Collections.emptyList(), read(handle));
    }
  }

  @Test
  @Order(5)
  void aFailureEndsTheCollecting() throws Exception {
    SessionEnvironment env = environment(1);
    DataStream<Long> stream =
        env.fromSequence(1, 10)
            .map(
                value -> {
                  if (value == 7) {
                    throw new IllegalStateException("seven");
                  }
                  return value;
                })
            .returns(Types.LONG);
    try (CollectHandle handle = PythonTransforms.collect(env, stream, "failing")) {
      Exception error = assertThrows(Exception.class, () -> read(handle));
      assertTrue(ExceptionUtils.stringifyException(error).contains("seven"));
    }
  }

  @Test
  @Order(6)
  void closingEarlyCancels() throws Exception {
    SessionEnvironment env = environment(2);
    CollectHandle handle = PythonTransforms.collect(env, endless(env), "endless");
    byte[] batch = null;
    while (batch == null) {
      batch = handle.nextBatch(100);
    }
    handle.close();
    assertEquals(JobStatus.CANCELED, handle.jobClient().getJobStatus().get());
    assertEquals(0, SessionCluster.runningJobs());
  }

  @Test
  void linesAreWrittenWhole() throws Exception {
    List<String> writes = new ArrayList<>();
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int count) {
            writes.add(new String(bytes, offset, count, java.nio.charset.StandardCharsets.UTF_8));
          }
        };
    LineOutput lines = new LineOutput(out);
    lines.write("a".getBytes());
    lines.write('b');
    lines.write('\n');
    lines.write("x".repeat(20_000).concat("\n").getBytes());
    lines.write("rest".getBytes());
    lines.flush();
    assertEquals(List.of("ab\n", "x".repeat(20_000) + "\n", "rest"), writes);
    assertEquals('l', TypeSchema.of(Types.LONG)[0]);
  }
}
