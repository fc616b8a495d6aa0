"""Sources and sinks."""

from pyflink.datastream.connectors.base import DeliveryGuarantee, Sink, Source

__all__ = ["Sink", "Source", "DeliveryGuarantee"]
