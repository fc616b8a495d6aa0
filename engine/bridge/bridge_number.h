/* bridge_number.h - int of any size <-> BigInteger, Decimal <-> BigDecimal. */
#ifndef PYFLINK_SHELL_BRIDGE_NUMBER_H
#define PYFLINK_SHELL_BRIDGE_NUMBER_H

#include "bridge/bridge.h"

jobject bridge_number_to_big_integer(JNIEnv *env, PyObject *value);
jobject bridge_number_to_big_decimal(JNIEnv *env, PyObject *value);
PyObject *bridge_number_from_big_integer(JNIEnv *env, jobject number);
PyObject *bridge_number_from_big_decimal(JNIEnv *env, jobject number);

#endif
