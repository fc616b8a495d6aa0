"""From Python elements to the bytes of a collection source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

if TYPE_CHECKING:
    from pyflink.common.typeinfo import TypeInformation


def schema_of(j_type: Any) -> bytes:
    """The codec's description of a Java type.

    :raises TypeError: Python cannot read or write values of that type.
    """
    from pyflink.datastream._java import jvm

    return bytes(jvm().io.pyflinkshell.codec.TypeSchema.of(j_type))


# What a Java array holds; the records of a collection source are one.
_MOST_BYTES = 2**31 - 16


def encode_elements(elements: Iterable[Any], type_info: TypeInformation) -> bytes:
    """The elements as the records of a batch. An iterator is read element by element.

    :param elements: what to encode.
    :param type_info: their type.
    :raises TypeError: they cannot be iterated, or an element does not fit; names its index and
        field.
    :raises ValueError: they are too large for a collection source.
    """
    import _pyflink_engine

    try:
        iterator = iter(elements)
    except TypeError:
        raise TypeError(
            "from_collection needs a list or another iterable, not %s %r"
            % (type(elements).__name__, elements)
        ) from None
    batch = _pyflink_engine.encode_batch(iterator, schema_of(type_info.get_java_type_info()))
    if len(batch) > _MOST_BYTES:
        raise ValueError(
            "from_collection: the elements take %d bytes, and a collection source holds less than "
            "2 GiB; write them to files and read these with a FileSource" % len(batch)
        )
    return batch
