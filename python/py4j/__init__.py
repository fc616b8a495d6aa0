"""The names that programs import from py4j, provided by the engine's bridge instead of a socket."""

try:
    import _pyflink_engine  # noqa: F401
except ImportError:  # a plain python3 that has not imported pyflink yet
    import pyflink._engine  # noqa: F401
