"""The settings of a StreamExecutionEnvironment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, List, Optional, Tuple

if TYPE_CHECKING:
    from pyflink.common import Configuration, ExecutionConfig, RestartStrategyConfiguration
    from pyflink.common.distributed_cache import DistributedCacheEntry
    from pyflink.datastream.checkpoint_config import CheckpointConfig
    from pyflink.datastream.checkpointing_mode import CheckpointingMode
    from pyflink.datastream.execution_mode import RuntimeExecutionMode
    from pyflink.datastream.slot_sharing_group import SlotSharingGroup
    from pyflink.datastream.state_backend import StateBackend
    from pyflink.datastream.time_characteristic import TimeCharacteristic


def _to_urls(paths: Any, what: str) -> List[str]:
    """URIs of jars or folders that the user named by path, glob or URI.

    :raises FileNotFoundError: a path, glob or file URI that names nothing.
    """
    urls: List[str] = []
    for path in paths:
        path = os.fspath(path)
        if "://" in path or path.startswith("file:"):
            from urllib.parse import unquote, urlsplit

            uri = urlsplit(path)
            if uri.scheme == "file" and not os.path.exists(unquote(uri.path)):
                raise FileNotFoundError("%s: there is no file %r" % (what, path))
            urls.append(path)
            continue
        import glob
        import pathlib

        found = sorted(glob.glob(os.path.expanduser(path)))
        if not found:
            raise FileNotFoundError("%s: there is no file %r" % (what, path))
        urls += [pathlib.Path(name).absolute().as_uri() for name in found]
    return urls


class EnvironmentSettingsMixin:
    """The getters and setters; the setters return the environment."""

    _j_stream_execution_environment: Any

    def _j_configuration(self) -> Any:
        return self._j_stream_execution_environment.getConfiguration()

    def get_config(self) -> ExecutionConfig:
        """The settings of how the program runs."""
        from pyflink.common.execution_config import ExecutionConfig

        return ExecutionConfig(self._j_stream_execution_environment.getConfig())

    def set_parallelism(self, parallelism: int) -> Any:
        """Set how many parallel instances an operator has unless it says otherwise.

        :param parallelism: at least 1.
        """
        self._j_stream_execution_environment.setParallelism(parallelism)
        return self

    def get_parallelism(self) -> int:
        """How many parallel instances an operator has unless it says otherwise."""
        return self._j_stream_execution_environment.getParallelism()

    def set_max_parallelism(self, max_parallelism: int) -> Any:
        """Set the number of key groups: the upper bound of the parallelism for ever.

        :param max_parallelism: 1 to 32,768.
        """
        self._j_stream_execution_environment.setMaxParallelism(max_parallelism)
        return self

    def get_max_parallelism(self) -> int:
        """The number of key groups; -1 when Flink chooses it."""
        return self._j_stream_execution_environment.getMaxParallelism()

    def register_slot_sharing_group(self, slot_sharing_group: SlotSharingGroup) -> Any:
        """Set the resources of a slot sharing group that operators name.

        :param slot_sharing_group: the group with its resources.
        """
        self._j_stream_execution_environment.registerSlotSharingGroup(
            slot_sharing_group.get_java_slot_sharing_group()
        )
        return self

    def set_runtime_mode(self, execution_mode: RuntimeExecutionMode) -> Any:
        """Choose between streaming and batch execution.

        :param execution_mode: the mode.
        """
        self._j_stream_execution_environment.setRuntimeMode(execution_mode._to_j_execution_mode())
        return self

    def set_buffer_timeout(self, timeout_millis: int) -> Any:
        """Set how long records may wait for more before they are sent on.

        :param timeout_millis: milliseconds; 0 sends each record at once, -1 only full buffers.
        """
        self._j_stream_execution_environment.setBufferTimeout(timeout_millis)
        return self

    def get_buffer_timeout(self) -> int:
        """How long records may wait for more before they are sent on, in milliseconds."""
        return self._j_stream_execution_environment.getBufferTimeout()

    def disable_operator_chaining(self) -> Any:
        """Run every operator in a task of its own."""
        self._j_stream_execution_environment.disableOperatorChaining()
        return self

    def is_chaining_enabled(self) -> bool:
        """Whether operators may share a task."""
        return self._j_stream_execution_environment.isChainingEnabled()

    def is_chaining_of_operators_with_different_max_parallelism_enabled(self) -> bool:
        """Whether operators that differ in max parallelism may share a task."""
        j_environment = self._j_stream_execution_environment
        return j_environment.isChainingOfOperatorsWithDifferentMaxParallelismEnabled()

    def get_checkpoint_config(self) -> CheckpointConfig:
        """The settings of checkpoints."""
        from pyflink.datastream.checkpoint_config import CheckpointConfig

        return CheckpointConfig(self._j_stream_execution_environment.getCheckpointConfig())

    def enable_checkpointing(self, interval: int, mode: Optional[CheckpointingMode] = None) -> Any:
        """Take checkpoints.

        :param interval: milliseconds between two.
        :param mode: EXACTLY_ONCE when None.
        """
        arguments = [interval]
        if mode is not None:
            arguments.append(mode._to_j_checkpointing_mode())
        self._j_stream_execution_environment.enableCheckpointing(*arguments)
        return self

    def get_checkpoint_interval(self) -> int:
        """Milliseconds between two checkpoints; -1 when there are none."""
        return self._j_stream_execution_environment.getCheckpointInterval()

    def get_checkpointing_mode(self) -> CheckpointingMode:
        """What checkpoints guarantee."""
        from pyflink.datastream.checkpointing_mode import CheckpointingMode

        return CheckpointingMode._from_j_checkpointing_mode(
            self._j_stream_execution_environment.getCheckpointingMode()
        )

    def get_checkpointing_consistency_mode(self) -> CheckpointingMode:
        """What checkpoints guarantee."""
        return self.get_checkpointing_mode()

    def get_state_backend(self) -> Optional[StateBackend]:
        """The state backend that was set, or None."""
        from pyflink.datastream.state_backend import _from_j_state_backend

        return _from_j_state_backend(self._j_stream_execution_environment.getStateBackend())

    def set_state_backend(self, state_backend: StateBackend) -> Any:
        """Set where operators keep their state.

        :param state_backend: the backend.
        """
        self._j_stream_execution_environment.setStateBackend(state_backend._j_state_backend)
        return self

    def enable_changelog_state_backend(self, enabled: bool) -> Any:
        """Set whether changes of state are also written to a log.

        :param enabled: whether they are.
        """
        self._j_stream_execution_environment.enableChangelogStateBackend(enabled)
        return self

    def is_changelog_state_backend_enabled(self) -> Optional[bool]:
        """Whether changes of state are also written to a log; None when it was not set."""
        j_enabled = self._j_stream_execution_environment.isChangelogStateBackendEnabled()
        return j_enabled.getAsBoolean()

    def set_default_savepoint_directory(self, directory: str) -> Any:
        """Set where savepoints go unless the call says otherwise.

        :param directory: path or URI of a folder.
        """
        self._j_stream_execution_environment.setDefaultSavepointDirectory(directory)
        return self

    def get_default_savepoint_directory(self) -> Optional[str]:
        """Where savepoints go unless the call says otherwise, or None."""
        j_path = self._j_stream_execution_environment.getDefaultSavepointDirectory()
        return None if j_path is None else j_path.toString()

    def set_restart_strategy(
        self, restart_strategy_configuration: RestartStrategyConfiguration
    ) -> Any:
        """Set what happens after a failure.

        :param restart_strategy_configuration: one of :class:`pyflink.common.RestartStrategies`.
        """
        self._j_stream_execution_environment.setRestartStrategy(
            restart_strategy_configuration._j_restart_strategy_configuration
        )
        return self

    def get_restart_strategy(self) -> RestartStrategyConfiguration:
        """What happens after a failure."""
        from pyflink.common.restart_strategy import RestartStrategies

        return RestartStrategies._from_j_restart_strategy(
            self._j_stream_execution_environment.getRestartStrategy()
        )

    def add_default_kryo_serializer(self, type_class_name: str, serializer_class_name: str) -> None:
        """Set the Kryo serializer of a Java class and its subclasses.

        :param type_class_name: the class.
        :param serializer_class_name: the serializer.
        """
        self.get_config().add_default_kryo_serializer(type_class_name, serializer_class_name)

    def register_type_with_kryo_serializer(
        self, type_class_name: str, serializer_class_name: str
    ) -> None:
        """Set the Kryo serializer of one Java class.

        :param type_class_name: the class.
        :param serializer_class_name: the serializer.
        """
        self.get_config().register_type_with_kryo_serializer(type_class_name, serializer_class_name)

    def register_type(self, type_class_name: str) -> None:
        """Register a Java class with the serializers.

        :param type_class_name: the class.
        """
        from pyflink.common.execution_config import load_java_class

        self._j_stream_execution_environment.registerType(load_java_class(type_class_name))

    def set_stream_time_characteristic(self, characteristic: TimeCharacteristic) -> None:
        """Set which time windows without a name of their own use.

        :param characteristic: the time.
        """
        self._j_stream_execution_environment.setStreamTimeCharacteristic(
            characteristic._to_j_time_characteristic()
        )

    def get_stream_time_characteristic(self) -> TimeCharacteristic:
        """Which time windows without a name of their own use."""
        from pyflink.datastream.time_characteristic import TimeCharacteristic

        return TimeCharacteristic._from_j_time_characteristic(
            self._j_stream_execution_environment.getStreamTimeCharacteristic()
        )

    def configure(self, configuration: Configuration) -> None:
        """Set everything that `configuration` sets, and leave the rest.

        :param configuration: the settings.
        """
        self._j_stream_execution_environment.configure(
            configuration._j_configuration,
            self._j_stream_execution_environment.getClass().getClassLoader(),
        )

    def _append_option(self, key: str, values: List[str]) -> None:
        """Add to an option that is a list, keeping the order and dropping repeats."""
        from pyflink.common.configuration import Configuration

        configuration = Configuration(j_configuration=self._j_configuration())
        old = Configuration.parse_list_value(configuration.get_string(key, ""))
        merged = old + [value for value in values if value not in old]
        configuration.set_string(key, ";".join(merged))

    def add_python_file(self, file_path: str) -> None:
        """Make a module, package, folder, zip, wheel or egg importable in the job's functions.

        A folder goes on sys.path; when it is a package, it can be imported itself, too.

        :param file_path: its path, or a URI of one of Flink's file systems.
        """
        old = self._j_configuration().getString("python.files", None)
        # What came last is looked at first.
        self._set_option("python.files", file_path if not old else file_path + "," + old)

    def set_python_requirements(
        self, requirements_file_path: str, requirements_cache_dir: Optional[str] = None
    ) -> None:
        """Install packages for the job's functions with pip, into a folder that later runs use.

        :param requirements_file_path: a requirements.txt.
        :param requirements_cache_dir: a folder with the packages, to install without a network.
        """
        value = requirements_file_path
        if requirements_cache_dir is not None:
            value += "#" + requirements_cache_dir
        self._set_option("python.requirements", value)

    def add_python_archive(self, archive_path: str, target_dir: Optional[str] = None) -> None:
        """Unpack a zip or tar file for the job's functions, below their current folder.

        ``open("data.zip/words.txt")`` reads a file of it, ``open("words/words.txt")`` when the
        target is "words". The current folder of the program itself stays what it is.

        :param archive_path: its path, or a URI of one of Flink's file systems.
        :param target_dir: the folder to unpack into; the archive's name when None.
        """
        value = archive_path if target_dir is None else archive_path + "#" + target_dir
        old = self._j_configuration().getString("python.archives", None)
        self._set_option("python.archives", value if not old else old + "," + value)

    def set_python_executable(self, python_exec: str) -> None:
        """Let the job's functions use the packages of another interpreter of the same version.

        Functions run in this process; another version is an error when the job is submitted.

        :param python_exec: its path, also one into an archive, as in ``venv.zip/bin/python``.
        """
        self._set_option("python.executable", python_exec)

    def _set_option(self, key: str, value: str) -> None:
        self._j_configuration().setString(key, value)

    def add_jars(self, *jars_path: str) -> None:
        """Add jars to the program and to the job. Their classes can be used from now on.

        :param jars_path: paths, globs or URIs.
        :raises FileNotFoundError: a path that names nothing.
        :raises ValueError: a file that is no jar.
        """
        from pyflink._engine.jars import check_jars

        urls = _to_urls(jars_path, "add_jars")
        check_jars(urls, "add_jars")
        self._load(urls)
        self._append_option("pipeline.jars", urls)

    def add_classpaths(self, *classpaths: str) -> None:
        """Add folders or jars that every machine of the cluster has at the same place.

        :param classpaths: paths, globs or URIs.
        :raises FileNotFoundError: a path that names nothing.
        """
        urls = _to_urls(classpaths, "add_classpaths")
        self._load(urls)
        self._append_option("pipeline.classpaths", urls)

    @staticmethod
    def _load(urls: List[str]) -> None:
        from pyflink.util.java_utils import add_jars_to_context_class_loader

        add_jars_to_context_class_loader(urls)

    def get_default_local_parallelism(self) -> int:
        """The parallelism of local environments unless they say otherwise."""
        return self._j_stream_execution_environment.getDefaultLocalParallelism()

    def set_default_local_parallelism(self, parallelism: int) -> None:
        """Set the parallelism of local environments unless they say otherwise.

        :param parallelism: at least 1.
        """
        self._j_stream_execution_environment.setDefaultLocalParallelism(parallelism)

    def register_cached_file(self, file_path: str, name: str, executable: bool = False) -> None:
        """Copy a file or folder to where the job runs. Functions find the copy with
        ``runtime_context.get_distributed_cache().get_file(name)``.

        :param file_path: its path, or a URI of one of Flink's file systems.
        :param name: how the job asks for it.
        :param executable: whether the copy can be executed.
        :raises ValueError: the name is taken.
        """
        file_path = os.fspath(file_path)
        if "://" not in file_path and not file_path.startswith("file:"):
            file_path = os.path.abspath(file_path)
        if any(name == taken for taken, _ in self.get_cached_files()):
            raise ValueError("register_cached_file: the name %r is taken" % name)
        self._j_stream_execution_environment.registerCachedFile(file_path, name, executable)

    def get_cached_files(self) -> List[Tuple[str, DistributedCacheEntry]]:
        """The names and files that were registered with :meth:`register_cached_file`."""
        from pyflink.common.distributed_cache import DistributedCacheEntry

        return [
            (pair.f0, DistributedCacheEntry(pair.f1.filePath, bool(pair.f1.isExecutable)))
            for pair in self._j_stream_execution_environment.getCachedFiles()
        ]

    def is_unaligned_checkpoints_enabled(self) -> bool:
        """Whether checkpoint barriers overtake records."""
        return self._j_stream_execution_environment.isUnalignedCheckpointsEnabled()

    def is_force_unaligned_checkpoints(self) -> bool:
        """Whether checkpoints are unaligned even with iterations or custom partitioners."""
        return self._j_stream_execution_environment.isForceUnalignedCheckpoints()
