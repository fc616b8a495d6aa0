// What the cluster starts with when the user sets this or that.
package io.pyflinkshell.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.junit.jupiter.api.Test;

class SessionOptionsTest {
  private static Configuration complete(String... keyValues) {
    return SessionOptions.complete(SessionOptions.parse(keyValues));
  }

  private static MemorySize sharedByRocksDb(Configuration configuration) {
    return configuration.get(RocksDBOptions.FIX_PER_TM_MEMORY_SIZE);
  }

  @Test
  void rocksDbInstancesShareEnoughMemory() {
    Configuration defaults = complete();
    assertFalse(defaults.get(RocksDBOptions.USE_MANAGED_MEMORY));
    assertTrue(sharedByRocksDb(defaults).compareTo(MemorySize.ofMebiBytes(512)) >= 0);
  }

  @Test
  void theUsersManagedMemoryIsRocksDbs() {
    Configuration sized = complete("taskmanager.memory.managed.size=300mb");
    assertEquals(MemorySize.ofMebiBytes(300), sharedByRocksDb(sized));
  }

  @Test
  void optionsOfRocksDbStayAsTheyWereSet() {
    Configuration own =
        complete(
            "state.backend.rocksdb.memory.managed=true",
            "state.backend.rocksdb.memory.fixed-per-tm=90mb");
    assertTrue(own.get(RocksDBOptions.USE_MANAGED_MEMORY));
    assertEquals(MemorySize.ofMebiBytes(90), sharedByRocksDb(own));
  }

  @Test
  void aJobCanResizeTheMemoryThatRocksDbInstancesShare() {
    String key = RocksDBOptions.FIX_PER_TM_MEMORY_SIZE.key();
    Configuration job = new Configuration();
    job.setString(key, "90mb");
    job.setString(RocksDBOptions.USE_MANAGED_MEMORY.key(), "false");
    assertEquals(Map.of(key, "90mb"), SessionOptions.clusterPart(job));
  }
}
