"""Small helpers of the DataStream API."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflink.common import Configuration, TypeInformation

__all__ = ["ResultTypeQueryable"]


class ResultTypeQueryable:
    """Something that knows the type of the records it makes."""

    @abstractmethod
    def get_produced_type(self) -> TypeInformation:
        """The type of the records."""


def create_hadoop_configuration(config: Configuration) -> Any:
    """A Hadoop configuration with the same settings. Hadoop's jars must have been added.

    :param config: the settings.
    """
    from pyflink.datastream._java import jvm

    hadoop = jvm().org.apache.hadoop.conf.Configuration()
    for key, value in config.to_dict().items():
        hadoop.set(key, value)
    return hadoop


def create_java_properties(config: Configuration) -> Any:
    """java.util.Properties with the same settings.

    :param config: the settings.
    """
    from pyflink.datastream._java import jvm

    properties = jvm().java.util.Properties()
    for key, value in config.to_dict().items():
        properties.put(key, value)
    return properties


def convert_to_python_obj(data: Any, type_info: TypeInformation) -> Any:
    """A Java value as a Python value.

    :param data: the Java value.
    :param type_info: its type.
    """
    import _pyflink_engine

    from pyflink.datastream._collections import schema_of

    j_type = type_info.get_java_type_info()
    batch = bytes(_type_schema().encode(data, j_type))
    return _pyflink_engine.decode_batch(batch, schema_of(j_type), 0)[0]


def pickled_bytes_to_python_obj(data: bytes, type_info: TypeInformation) -> Any:
    """A pickled value of a type.

    :param data: the pickle.
    :param type_info: the type of the value in it.
    """
    import pickle

    return type_info.from_internal_type(pickle.loads(data))


def _type_schema() -> Any:
    from pyflink.datastream._java import jvm

    return jvm().io.pyflinkshell.codec.TypeSchema
