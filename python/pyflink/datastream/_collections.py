"""From Python elements to the bytes of a collection source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

if TYPE_CHECKING:
    from pyflink.common.typeinfo import TypeInformation


def schema_of(j_type: Any) -> bytes:
    """The codec's description of a Java type.

    :raises TypeError: Python cannot read or write values of that type.
    """
    from pyflink.datastream._java import jvm

    return bytes(jvm().io.pyflinkshell.codec.TypeSchema.of(j_type))


def encode_elements(elements: Sequence[Any], type_info: TypeInformation) -> bytes:
    """The elements as the records of a batch.

    :param elements: what to encode.
    :param type_info: their type.
    :raises TypeError: an element does not fit; names its index and field.
    """
    import _pyflink_engine

    return _pyflink_engine.encode_batch(elements, schema_of(type_info.get_java_type_info()))
