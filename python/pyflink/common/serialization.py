"""How records become bytes and bytes become records in sources and sinks; all done in Java."""

from __future__ import annotations

from typing import Any, Optional

from pyflink.common.utils import JavaObjectWrapper

__all__ = [
    "SerializationSchema",
    "DeserializationSchema",
    "SimpleStringSchema",
    "Encoder",
    "BulkWriterFactory",
]


class SerializationSchema:
    """Turns a record into bytes.

    :param j_serialization_schema: the Java object.
    """

    def __init__(self, j_serialization_schema: Optional[Any] = None) -> None:
        self._j_serialization_schema = j_serialization_schema


class DeserializationSchema:
    """Turns bytes into a record.

    :param j_deserialization_schema: the Java object.
    """

    def __init__(self, j_deserialization_schema: Optional[Any] = None) -> None:
        self._j_deserialization_schema = j_deserialization_schema


class SimpleStringSchema(SerializationSchema, DeserializationSchema):
    """Records are strings.

    :param charset: the Java name of the character set.
    """

    def __init__(self, charset: str = "UTF-8") -> None:
        from pyflink.java_gateway import get_gateway

        jvm = get_gateway().jvm
        j_charset = jvm.java.nio.charset.Charset.forName(charset)
        j_schema = jvm.org.apache.flink.api.common.serialization.SimpleStringSchema(j_charset)
        SerializationSchema.__init__(self, j_serialization_schema=j_schema)
        DeserializationSchema.__init__(self, j_deserialization_schema=j_schema)


class Encoder:
    """Writes records to a file one by one.

    :param j_encoder: the Java org.apache.flink.api.common.serialization.Encoder.
    """

    def __init__(self, j_encoder: Any) -> None:
        self._j_encoder = j_encoder

    @staticmethod
    def simple_string_encoder(charset_name: str = "UTF-8") -> Encoder:
        """Writes Java's toString() of each record and a line end.

        :param charset_name: the Java name of the character set.
        """
        from pyflink.java_gateway import get_gateway

        package = get_gateway().jvm.org.apache.flink.api.common.serialization
        return Encoder(package.SimpleStringEncoder(charset_name))


class BulkWriterFactory(JavaObjectWrapper):
    """Makes writers of formats that write many records at once.

    :param j_bulk_writer_factory: the Java object.
    """

    def __init__(self, j_bulk_writer_factory: Any) -> None:
        super().__init__(j_bulk_writer_factory)


class RowDataBulkWriterFactory(BulkWriterFactory):
    """Makes writers of formats that take rows of the Table API.

    :param j_bulk_writer_factory: the Java object.
    :param row_type: the type of the rows.
    """

    def __init__(self, j_bulk_writer_factory: Any, row_type: Any) -> None:
        super().__init__(j_bulk_writer_factory)
        self._row_type = row_type

    def get_row_type(self) -> Any:
        """The type of the rows."""
        return self._row_type
