// A value between two Python operators: bytes that nothing in Java decodes.
package io.pyflinkshell.types;

/**
 * The body of one ENCODED wire record (u32 keyLen, u32 valueLen, key, value) with its key length.
 * It is never changed after it was made, so every copy is the object itself.
 */
public final class EncodedRecord {
  /** Bytes in front of the key. */
  public static final int HEADER = 8;

  public final byte[] data;
  public final int keyLength;

  public EncodedRecord(byte[] data, int keyLength) {
    this.data = data;
    this.keyLength = keyLength;
  }

  @Override
  public String toString() {
    return "EncodedRecord(" + keyLength + "+" + (data.length - HEADER - keyLength) + " bytes)";
  }
}
