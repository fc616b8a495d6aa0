// Key of a stream whose key type was not declared: its canonical bytes.
package io.pyflinkshell.types;

import java.util.Arrays;

/** Equal Python keys have equal bytes here, so hash and equality of the bytes are those of keys. */
public final class EncodedKey implements Comparable<EncodedKey> {
  private final byte[] bytes;
  private final int hash;

  /** Takes the array over: the caller must not change it afterwards. */
  public EncodedKey(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** The bytes themselves; read only. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int compareTo(EncodedKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedKey
        && hash == ((EncodedKey) other).hash
        && Arrays.equals(bytes, ((EncodedKey) other).bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "EncodedKey(" + bytes.length + " bytes)";
  }
}
