/* runtime_time.c - dates, times, timestamps and instants between Python and bytes. */
#include "runtime/runtime_codec.h"

#include <datetime.h>

#define NANOS_PER_SECOND 1000000000LL
#define SECONDS_PER_DAY 86400LL

static int import_datetime(void) {
    if (PyDateTimeAPI == NULL)
        PyDateTime_IMPORT;
    return PyDateTimeAPI == NULL ? -1 : 0;
}

/* Days since 1970-01-01 of a day in the proleptic Gregorian calendar, and back. Years start in
 * March here, so that the leap day is the last day of a year. */
static int64_t days_from_civil(int64_t year, int month, int day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, int *month, int *day) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static PyObject *outside_python(const char *what) {
    PyErr_Format(PyExc_ValueError, "a %s of the stream is outside of Python's years 1 to 9999",
                 what);
    return NULL;
}

static PyObject *make_date(int64_t days) {
    int64_t year;
    int month, day;
    civil_from_days(days, &year, &month, &day);
    if (year < 1 || year > 9999)
        return outside_python("date");
    return PyDate_FromDate((int)year, month, day);
}

static PyObject *make_time(int64_t nanos) {
    if (nanos < 0 || nanos >= SECONDS_PER_DAY * NANOS_PER_SECOND)
        return runtime_malformed("a time is not within a day");
    int seconds = (int)(nanos / NANOS_PER_SECOND);
    return PyTime_FromTime(seconds / 3600, seconds / 60 % 60, seconds % 60,
                           (int)(nanos % NANOS_PER_SECOND / 1000));
}

static PyObject *make_datetime(int64_t seconds, int32_t nanos) {
    int64_t days = floor_div(seconds, SECONDS_PER_DAY);
    int in_day = (int)(seconds - days * SECONDS_PER_DAY);
    int64_t year;
    int month, day;
    /* Far outside: keeps the calendar's arithmetic from overflowing. */
    if (days < -4000000 || days > 4000000)
        return outside_python("timestamp");
    civil_from_days(days, &year, &month, &day);
    if (year < 1 || year > 9999)
        return outside_python("timestamp");
    return PyDateTime_FromDateAndTime((int)year, month, day, in_day / 3600, in_day / 60 % 60,
                                      in_day % 60, nanos / 1000);
}

static PyObject *make_instant(int64_t seconds, int32_t nanos) {
    const runtime_types_t *types = runtime_types();
    PyObject *instant = types == NULL ? NULL : types->instant->tp_alloc(types->instant, 0);
    if (instant == NULL)
        return NULL;
    RUNTIME_SLOT(instant, types->instant_seconds) = PyLong_FromLongLong(seconds);
    RUNTIME_SLOT(instant, types->instant_nanos) = PyLong_FromLong(nanos);
    if (RUNTIME_SLOT(instant, types->instant_seconds) == NULL ||
        RUNTIME_SLOT(instant, types->instant_nanos) == NULL)
        Py_CLEAR(instant);
    return instant;
}

PyObject *runtime_decode_time(runtime_input_t *in, char kind) {
    int32_t small;
    int64_t large;
    if (import_datetime() < 0)
        return NULL;
    switch (kind) {
    case RUNTIME_SQL_DATE:
    case RUNTIME_LOCAL_DATE:
        return runtime_get_i32(in, &small) < 0 ? NULL : make_date(small);
    case RUNTIME_SQL_TIME:
    case RUNTIME_LOCAL_TIME:
        return runtime_get_i64(in, &large) < 0 ? NULL : make_time(large);
    default:
        if (runtime_get_i64(in, &large) < 0 || runtime_get_i32(in, &small) < 0)
            return NULL;
        if (small < 0 || small >= NANOS_PER_SECOND)
            return runtime_malformed("nanoseconds are not within a second");
        return kind == RUNTIME_INSTANT ? make_instant(large, small) : make_datetime(large, small);
    }
}

/* ---- encoding --------------------------------------------------------------------------- */

/* How far the value's zone is ahead of UTC, in microseconds; 0 when it has no zone or no offset. */
static int utc_offset(PyObject *value, int64_t *micros) {
    PyObject *offset = PyObject_CallMethod(value, "utcoffset", NULL);
    *micros = 0;
    if (offset == NULL)
        return -1;
    if (PyDelta_Check(offset))
        *micros = (PyDateTime_DELTA_GET_DAYS(offset) * SECONDS_PER_DAY +
                   PyDateTime_DELTA_GET_SECONDS(offset)) *
                      1000000 +
                  PyDateTime_DELTA_GET_MICROSECONDS(offset);
    Py_DECREF(offset);
    return 0;
}

static int put_date(runtime_buffer_t *out, PyObject *value) {
    int64_t days = days_from_civil(PyDateTime_GET_YEAR(value), PyDateTime_GET_MONTH(value),
                                   PyDateTime_GET_DAY(value));
    if (runtime_reserve(out, 4) < 0)
        return -1;
    runtime_put_u32(out, (uint32_t)(int32_t)days);
    return 0;
}

/* offset is taken off; a time of day begins anew at midnight. */
static int put_time(runtime_buffer_t *out, PyObject *value, int64_t offset) {
    int64_t seconds = PyDateTime_TIME_GET_HOUR(value) * 3600 +
                      PyDateTime_TIME_GET_MINUTE(value) * 60 + PyDateTime_TIME_GET_SECOND(value);
    if (runtime_reserve(out, 8) < 0)
        return -1;
    int64_t day = SECONDS_PER_DAY * 1000000;
    int64_t micros = seconds * 1000000 + PyDateTime_TIME_GET_MICROSECOND(value) - offset;
    micros -= floor_div(micros, day) * day;
    runtime_put_u64(out, (uint64_t)micros * 1000);
    return 0;
}

static int put_datetime(runtime_buffer_t *out, PyObject *value, int64_t offset) {
    int64_t days = days_from_civil(PyDateTime_GET_YEAR(value), PyDateTime_GET_MONTH(value),
                                   PyDateTime_GET_DAY(value));
    int64_t seconds = days * SECONDS_PER_DAY + PyDateTime_DATE_GET_HOUR(value) * 3600 +
                      PyDateTime_DATE_GET_MINUTE(value) * 60 + PyDateTime_DATE_GET_SECOND(value);
    int64_t micros = PyDateTime_DATE_GET_MICROSECOND(value) - offset;
    int64_t carry = floor_div(micros, 1000000);
    if (runtime_reserve(out, 12) < 0)
        return -1;
    runtime_put_u64(out, (uint64_t)(seconds + carry));
    runtime_put_u32(out, (uint32_t)(micros - carry * 1000000) * 1000);
    return 0;
}

static int put_instant(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    const runtime_types_t *types = runtime_types();
    if (types == NULL)
        return -1;
    if (!PyObject_TypeCheck(value, types->instant))
        return runtime_mismatch(encoder, type, value, NULL);
    PyObject *seconds = RUNTIME_SLOT(value, types->instant_seconds);
    PyObject *nanos = RUNTIME_SLOT(value, types->instant_nanos);
    if (seconds == NULL || !PyLong_Check(seconds) || nanos == NULL || !PyLong_Check(nanos))
        return runtime_mismatch(encoder, type, value,
                                "has no ints for seconds and nanos, as needed for ");
    int overflow, overflow_nanos;
    long long s = PyLong_AsLongLongAndOverflow(seconds, &overflow);
    long n = PyLong_AsLongAndOverflow(nanos, &overflow_nanos);
    if (overflow || overflow_nanos || n < 0 || n >= NANOS_PER_SECOND)
        return runtime_mismatch(encoder, type, value, RUNTIME_OUT_OF_RANGE);
    if (runtime_reserve(encoder->out, 12) < 0)
        return -1;
    runtime_put_u64(encoder->out, (uint64_t)s);
    runtime_put_u32(encoder->out, (uint32_t)n);
    return 0;
}

int runtime_encode_time(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    int64_t offset = 0;
    if (import_datetime() < 0)
        return -1;
    switch (type->kind) {
    case RUNTIME_SQL_DATE:
    case RUNTIME_LOCAL_DATE:
        return PyDate_Check(value) ? put_date(encoder->out, value)
                                   : runtime_mismatch(encoder, type, value, NULL);
    case RUNTIME_SQL_TIME:
    case RUNTIME_LOCAL_TIME:
        if (!PyTime_Check(value))
            return runtime_mismatch(encoder, type, value, NULL);
        if (encoder->to_utc && ((PyDateTime_Time *)value)->hastzinfo &&
            utc_offset(value, &offset) < 0)
            return -1;
        return put_time(encoder->out, value, offset);
    case RUNTIME_SQL_TIMESTAMP:
    case RUNTIME_LOCAL_DATE_TIME:
        if (!PyDateTime_Check(value))
            return runtime_mismatch(encoder, type, value, NULL);
        if (encoder->to_utc && ((PyDateTime_DateTime *)value)->hastzinfo &&
            utc_offset(value, &offset) < 0)
            return -1;
        return put_datetime(encoder->out, value, offset);
    default:
        return put_instant(encoder, type, value);
    }
}
