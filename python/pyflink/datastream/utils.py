"""Small helpers of the DataStream API."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Callable, List, Optional, Tuple, Union

if TYPE_CHECKING:
    from pyflink.common import Configuration, JobClient, TypeInformation
    from pyflink.datastream.collect import CloseableIterator
    from pyflink.datastream.data_stream import DataStream
    from pyflink.datastream.functions import KeySelector
    from pyflink.datastream.keyed_stream import KeyedStream

__all__ = ["DataStreamUtils", "ResultTypeQueryable"]


class DataStreamUtils:
    """What can be done with a stream from outside the program, and with what is known of it."""

    @staticmethod
    def collect(stream: DataStream, job_execution_name: Optional[str] = None) -> CloseableIterator:
        """Run the program and fetch the records of a stream.

        :param stream: the stream.
        :param job_execution_name: the job's name.
        :raises JobExecutionError: the job failed.
        """
        return stream.execute_and_collect(job_execution_name)

    @staticmethod
    def collect_with_client(
        stream: DataStream, job_execution_name: Optional[str] = None
    ) -> Tuple[CloseableIterator, JobClient]:
        """Run the program; the records of a stream, and the client of the job.

        :param stream: the stream.
        :param job_execution_name: the job's name.
        """
        records = stream.execute_and_collect(job_execution_name)
        return records, records.get_job_client()

    @staticmethod
    def collect_bounded_stream(
        stream: DataStream, job_execution_name: Optional[str] = None
    ) -> List[Any]:
        """Run the program and fetch all records of a stream that ends.

        :param stream: the stream.
        :param job_execution_name: the job's name.
        :raises JobExecutionError: the job failed.
        """
        with stream.execute_and_collect(job_execution_name) as records:
            return list(records)

    @staticmethod
    def collect_unbounded_stream(
        stream: DataStream, limit: int, job_execution_name: Optional[str] = None
    ) -> List[Any]:
        """Run the program, fetch the first records of a stream, and end the job.

        :param stream: the stream.
        :param limit: how many records.
        :param job_execution_name: the job's name.
        :raises JobExecutionError: the job failed.
        """
        return stream.execute_and_collect(job_execution_name, limit)

    @staticmethod
    def reinterpret_as_keyed_stream(
        stream: DataStream,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
    ) -> KeyedStream:
        """A keyed stream without sending the records anywhere.

        The records must already be where ``key_by`` with the same keys, key type, parallelism and
        max parallelism would send them; else the job fails or keeps state at the wrong place.

        :param stream: the stream, such as the result of an operator on a keyed stream.
        :param key_selector: a callable or KeySelector that gives the key of a record.
        :param key_type: the type of the keys; any Python objects when None.
        :raises TypeError: `key_selector` is neither, or something it uses cannot be pickled.
        """
        from pyflink.datastream._java import transforms

        return stream._keyed(transforms().reinterpretAsKeyed, key_selector, key_type)


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
