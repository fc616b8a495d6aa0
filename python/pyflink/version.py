"""The version of this package's API: the PyFlink version it stands in for."""

__version__ = "1.20.3"
