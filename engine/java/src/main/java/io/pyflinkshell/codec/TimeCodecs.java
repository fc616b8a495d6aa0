// Codecs of dates and times: days, nanoseconds of a day, or seconds and nanoseconds.
package io.pyflinkshell.codec;

import java.nio.ByteBuffer;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** The java.sql types are read and written in the time zone of the JVM, as they print. */
final class TimeCodecs {
  private static final long NANOS_PER_MILLI = 1_000_000L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private TimeCodecs() {}

  static final class LocalDateCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putInt(Math.toIntExact(((LocalDate) value).toEpochDay()));
    }

    @Override
    public Object read(ByteBuffer in) {
      return LocalDate.ofEpochDay(in.getInt());
    }
  }

  static final class SqlDateCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putInt(Math.toIntExact(((Date) value).toLocalDate().toEpochDay()));
    }

    @Override
    public Object read(ByteBuffer in) {
      return Date.valueOf(LocalDate.ofEpochDay(in.getInt()));
    }
  }

  static final class LocalTimeCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putLong(((LocalTime) value).toNanoOfDay());
    }

    @Override
    public Object read(ByteBuffer in) {
      return LocalTime.ofNanoOfDay(in.getLong());
    }
  }

  /** java.sql.Time keeps milliseconds, but its LocalTime conversion drops them. */
  static final class SqlTimeCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      Time time = (Time) value;
      long millis = Math.floorMod(time.getTime(), 1000L);
      out.putLong(time.toLocalTime().toSecondOfDay() * NANOS_PER_SECOND + millis * NANOS_PER_MILLI);
    }

    @Override
    public Object read(ByteBuffer in) {
      long nanos = in.getLong();
      Time time = Time.valueOf(LocalTime.ofSecondOfDay(nanos / NANOS_PER_SECOND));
      time.setTime(time.getTime() + nanos % NANOS_PER_SECOND / NANOS_PER_MILLI);
      return time;
    }
  }

  static final class LocalDateTimeCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      put(out, (LocalDateTime) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return get(in);
    }

    static void put(ByteBuffer out, LocalDateTime time) {
      out.putLong(time.toEpochSecond(ZoneOffset.UTC));
      out.putInt(time.getNano());
    }

    static LocalDateTime get(ByteBuffer in) {
      long second = in.getLong();
      return LocalDateTime.ofEpochSecond(second, in.getInt(), ZoneOffset.UTC);
    }
  }

  static final class SqlTimestampCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      LocalDateTimeCodec.put(out, ((Timestamp) value).toLocalDateTime());
    }

    @Override
    public Object read(ByteBuffer in) {
      return Timestamp.valueOf(LocalDateTimeCodec.get(in));
    }
  }

  static final class InstantCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      Instant instant = (Instant) value;
      out.putLong(instant.getEpochSecond());
      out.putInt(instant.getNano());
    }

    @Override
    public Object read(ByteBuffer in) {
      long second = in.getLong();
      return Instant.ofEpochSecond(second, in.getInt());
    }
  }
}
