// Strings in the narrowest of three forms, as CPython keeps them too.
// An ASCII string costs one vectorised check-and-copy and one bulk copy; reading costs the String.
package io.pyflinkshell.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** u32 (byteLength &lt;&lt; 2 | kind), bytes; kind 0 ASCII, 1 Latin-1, 2 UTF-16 little-endian. */
final class StringCodec extends ValueCodec {
  private static final int ASCII = 0;
  private static final int LATIN1 = 1;
  private static final int UTF16 = 2;

  /** Short strings are copied through here; a codec belongs to one task thread. */
  private final byte[] scratch = new byte[256];

  @Override
  public void write(ByteBuffer out, Object value) {
    put(out, (String) value);
  }

  @Override
  public Object read(ByteBuffer in) {
    int head = in.getInt();
    int length = head >>> 2;
    if ((head & 3) == UTF16) {
      return utf16(in, length);
    }
    byte[] bytes = length <= scratch.length ? scratch : new byte[length];
    in.get(bytes, 0, length);
    // ASCII is Latin-1 too, and for Latin-1 the String is a plain copy of the bytes.
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  static void put(ByteBuffer out, String text) {
    // The JDK checks for ASCII with vector instructions here. As many bytes as chars means ASCII,
    // except that a lone surrogate also becomes one byte: a question mark.
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == text.length() && (!mayHideSurrogate(bytes) || isAscii(text))) {
      out.putInt(bytes.length << 2 | ASCII);
      out.put(bytes);
    } else {
      putWide(out, text);
    }
  }

  private static boolean mayHideSurrogate(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '?') {
        return true;
      }
    }
    return false;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static void putWide(ByteBuffer out, String text) {
    int length = text.length();
    boolean latin = true;
    for (int i = 0; i < length && latin; i++) {
      latin = text.charAt(i) <= 0xff;
    }
    if (latin) {
      out.putInt(length << 2 | LATIN1);
      out.put(text.getBytes(StandardCharsets.ISO_8859_1));
      return;
    }
    out.putInt(length << 3 | UTF16);
    for (int i = 0; i < length; i++) {
      out.putChar(text.charAt(i));
    }
  }

  private static String utf16(ByteBuffer in, int byteLength) {
    char[] chars = new char[byteLength >> 1];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = in.getChar();
    }
    return new String(chars);
  }
}
