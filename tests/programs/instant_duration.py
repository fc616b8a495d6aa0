"""Small value classes of pyflink.common: Instant, Duration, Time."""
from pyflink.common import Duration, Time
from pyflink.common.time import Instant

print(Instant(1, 5), Instant.of_epoch_milli(1500), Instant.of_epoch_milli(1500).to_epoch_milli())
print(Instant(1, 5) == Instant(1, 5), Instant(1, 5) == Instant(2, 5))
print(Instant(3, 7).seconds, Instant(3, 7).nanos)
print(Duration.of_seconds(3)._j_duration.toMillis(), Duration.of_days(1)._j_duration.toMillis())
print(Duration.of_millis(5)._j_duration.toMillis(), Duration.of_hours(2)._j_duration.toMillis())
print(Time.seconds(2).to_milliseconds(), Time.minutes(3).to_milliseconds(),
      Time.milliseconds(4).to_milliseconds())
print(Time.seconds(1) == Time.milliseconds(1000), Time.hours(1) == Time.days(1))
