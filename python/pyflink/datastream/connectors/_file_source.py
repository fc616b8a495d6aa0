"""Files as sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflink.datastream._java import jvm
from pyflink.datastream.connectors.base import Source

if TYPE_CHECKING:
    from pyflink.common import Duration


def java_path(path: Any) -> Any:
    """Flink's Path of a path or URI."""
    from os import fspath

    return jvm().org.apache.flink.core.fs.Path(fspath(path))


def _paths(paths: Any) -> Any:
    from pyflink.util.java_utils import to_jarray

    if not paths:
        raise ValueError("a file source needs at least one path")
    return to_jarray(jvm().org.apache.flink.core.fs.Path, [java_path(path) for path in paths])


def _file_source() -> Any:
    return jvm().org.apache.flink.connector.file.src.FileSource


class FileEnumeratorProvider:
    """How a file source finds its files.

    :param j_file_enumerator_provider: the Java object.
    """

    def __init__(self, j_file_enumerator_provider: Any) -> None:
        self._j_file_enumerator_provider = j_file_enumerator_provider

    @staticmethod
    def default_splittable_file_enumerator() -> FileEnumeratorProvider:
        """All files in the folders, hidden ones excepted; large files are read in parts."""
        return FileEnumeratorProvider(_file_source().DEFAULT_SPLITTABLE_FILE_ENUMERATOR)

    @staticmethod
    def default_non_splittable_file_enumerator() -> FileEnumeratorProvider:
        """All files in the folders, hidden ones excepted; each is read as a whole."""
        return FileEnumeratorProvider(_file_source().DEFAULT_NON_SPLITTABLE_FILE_ENUMERATOR)


class FileSplitAssignerProvider:
    """Which instance of a file source reads which part.

    :param j_file_split_assigner: the Java object.
    """

    def __init__(self, j_file_split_assigner: Any) -> None:
        self._j_file_split_assigner = j_file_split_assigner

    @staticmethod
    def locality_aware_split_assigner() -> FileSplitAssignerProvider:
        """Prefer the parts that are on the same machine."""
        return FileSplitAssignerProvider(_file_source().DEFAULT_SPLIT_ASSIGNER)


class StreamFormat:
    """Reads records one by one.

    :param j_stream_format: the Java object.
    """

    def __init__(self, j_stream_format: Any) -> None:
        self._j_stream_format = j_stream_format

    @staticmethod
    def text_line_format(charset_name: str = "UTF-8") -> StreamFormat:
        """Each line is a record.

        :param charset_name: the Java name of the character set.
        """
        reader = jvm().org.apache.flink.connector.file.src.reader
        return StreamFormat(reader.TextLineInputFormat(charset_name))


class BulkFormat:
    """Reads many records at once.

    :param j_bulk_format: the Java object.
    """

    def __init__(self, j_bulk_format: Any) -> None:
        self._j_bulk_format = j_bulk_format


class FileSourceBuilder:
    """Builds a :class:`FileSource`.

    :param j_file_source_builder: the Java builder.
    """

    def __init__(self, j_file_source_builder: Any) -> None:
        self._j_file_source_builder = j_file_source_builder

    def monitor_continuously(self, discovery_interval: Duration) -> FileSourceBuilder:
        """Never end, and look for new files.

        :param discovery_interval: the time between two looks.
        """
        self._j_file_source_builder.monitorContinuously(discovery_interval._j_duration)
        return self

    def process_static_file_set(self) -> FileSourceBuilder:
        """End when the files that are there now have been read; the default."""
        self._j_file_source_builder.processStaticFileSet()
        return self

    def set_file_enumerator(self, file_enumerator: FileEnumeratorProvider) -> FileSourceBuilder:
        """Set how the files are found.

        :param file_enumerator: finds them.
        """
        self._j_file_source_builder.setFileEnumerator(file_enumerator._j_file_enumerator_provider)
        return self

    def set_split_assigner(self, split_assigner: FileSplitAssignerProvider) -> FileSourceBuilder:
        """Set which instance reads which part.

        :param split_assigner: decides it.
        """
        self._j_file_source_builder.setSplitAssigner(split_assigner._j_file_split_assigner)
        return self

    def build(self) -> FileSource:
        """The source."""
        return FileSource(self._j_file_source_builder.build())


class FileSource(Source):
    """Reads files.

    :param j_file_source: the Java FileSource.
    """

    def __init__(self, j_file_source: Any) -> None:
        super().__init__(source=j_file_source)

    @staticmethod
    def for_record_stream_format(stream_format: StreamFormat, *paths: str) -> FileSourceBuilder:
        """Build a source that reads records one by one.

        :param stream_format: reads them.
        :param paths: files and folders, as paths or URIs.
        :raises ValueError: no path.
        """
        return FileSourceBuilder(
            _file_source().forRecordStreamFormat(stream_format._j_stream_format, _paths(paths))
        )

    @staticmethod
    def for_bulk_file_format(bulk_format: BulkFormat, *paths: str) -> FileSourceBuilder:
        """Build a source that reads many records at once.

        :param bulk_format: reads them.
        :param paths: files and folders, as paths or URIs.
        :raises ValueError: no path.
        """
        return FileSourceBuilder(
            _file_source().forBulkFileFormat(bulk_format._j_bulk_format, _paths(paths))
        )
