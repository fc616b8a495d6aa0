"""The py4j version whose names this package provides."""

__version__ = "0.10.9.7"
