"""Helpers around the Java side: exceptions, conversions, class loading."""
