"""PyFlink's DataStream API on an engine that lives in this process."""

from pyflink import _engine

# Starts the JVM on a thread of its own; the first call into Java waits for it.
_engine.start()
