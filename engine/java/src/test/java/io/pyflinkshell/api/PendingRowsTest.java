package io.pyflinkshell.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class PendingRowsTest {
  private static byte[] batch(int number, int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  @Test
  void batchesComeWithTheirCheckpointInOrder() throws Exception {
    try (PendingRows rows = new PendingRows()) {
      rows.add(batch(1, 3));
      rows.checkpoint(7);
      rows.add(batch(2, 3));
      rows.add(batch(3, 3));
      rows.checkpoint(9);
      rows.add(batch(4, 3));
      assertNull(rows.peek(6));
      assertArrayEquals(batch(1, 3), rows.peek(8));
      rows.remove();
      assertNull(rows.peek(8));
      assertArrayEquals(batch(2, 3), rows.peek(9));
      rows.remove();
      assertArrayEquals(batch(3, 3), rows.peek(9));
      rows.remove();
      assertNull(rows.peek(9));
      assertArrayEquals(batch(4, 3), rows.peek());
      rows.clear();
      assertNull(rows.peek());
    }
  }

  @Test
  void whatDoesNotFitIntoMemoryGoesThroughAFile() throws Exception {
    try (PendingRows rows = new PendingRows(100)) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 50; i++) {
          rows.add(batch(i, 30 + i));
        }
        rows.checkpoint(round);
        for (int i = 0; i < 50; i++) {
          assertArrayEquals(batch(i, 30 + i), rows.peek(round));
          rows.remove();
        }
        assertNull(rows.peek());
      }
      rows.add(batch(1, 200));
      rows.clear();
      rows.add(batch(2, 300));
      assertArrayEquals(batch(2, 300), rows.peek());
    }
  }
}
