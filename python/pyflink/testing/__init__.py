"""Helpers for tests of programs; see :mod:`pyflink.testing.harness`."""
