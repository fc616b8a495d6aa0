"""The settings of how a program runs."""

from __future__ import annotations

from typing import Any, Dict, List

from pyflink.common.execution_mode import ExecutionMode
from pyflink.common.input_dependency_constraint import InputDependencyConstraint
from pyflink.common.restart_strategy import RestartStrategies, RestartStrategyConfiguration

__all__ = ["ExecutionConfig"]


def load_java_class(class_name: str) -> Any:
    """The Java class of that full name, from the jars that were added.

    :raises Py4JJavaError: there is none.
    """
    from pyflink.java_gateway import get_gateway

    lang = get_gateway().jvm.java.lang
    loader = lang.Thread.currentThread().getContextClassLoader()
    return lang.Class.forName(class_name, False, loader)


def _class_name(j_class: Any) -> str:
    return str(j_class.getName())


class ExecutionConfig:
    """The settings of how a program runs. The setters return the object.

    :param j_execution_config: the Java org.apache.flink.api.common.ExecutionConfig.
    """

    PARALLELISM_DEFAULT = -1
    PARALLELISM_UNKNOWN = -2

    def __init__(self, j_execution_config: Any) -> None:
        self._j_execution_config = j_execution_config

    def enable_closure_cleaner(self) -> ExecutionConfig:
        """Let Flink remove what Java functions do not need before it ships them."""
        self._j_execution_config.enableClosureCleaner()
        return self

    def disable_closure_cleaner(self) -> ExecutionConfig:
        """Ship Java functions as they are."""
        self._j_execution_config.disableClosureCleaner()
        return self

    def is_closure_cleaner_enabled(self) -> bool:
        """Whether Java functions are cleaned before they are shipped."""
        return self._j_execution_config.isClosureCleanerEnabled()

    def set_auto_watermark_interval(self, interval: int) -> ExecutionConfig:
        """Set how often watermarks are sent.

        :param interval: milliseconds.
        """
        self._j_execution_config.setAutoWatermarkInterval(interval)
        return self

    def get_auto_watermark_interval(self) -> int:
        """Milliseconds between two watermarks."""
        return self._j_execution_config.getAutoWatermarkInterval()

    def set_latency_tracking_interval(self, interval: int) -> ExecutionConfig:
        """Set how often sources send latency markers.

        :param interval: milliseconds; 0 or less for none.
        """
        self._j_execution_config.setLatencyTrackingInterval(interval)
        return self

    def get_latency_tracking_interval(self) -> int:
        """Milliseconds between two latency markers."""
        return self._j_execution_config.getLatencyTrackingInterval()

    def get_parallelism(self) -> int:
        """How many parallel instances an operator has unless it says otherwise."""
        return self._j_execution_config.getParallelism()

    def set_parallelism(self, parallelism: int) -> ExecutionConfig:
        """Set how many parallel instances an operator has unless it says otherwise.

        :param parallelism: at least 1.
        """
        self._j_execution_config.setParallelism(parallelism)
        return self

    def get_max_parallelism(self) -> int:
        """The number of key groups; -1 when Flink chooses it."""
        return self._j_execution_config.getMaxParallelism()

    def set_max_parallelism(self, max_parallelism: int) -> ExecutionConfig:
        """Set the number of key groups.

        :param max_parallelism: 1 to 32,768.
        """
        self._j_execution_config.setMaxParallelism(max_parallelism)
        return self

    def get_task_cancellation_interval(self) -> int:
        """Milliseconds between two attempts to interrupt a task that is cancelled."""
        return self._j_execution_config.getTaskCancellationInterval()

    def set_task_cancellation_interval(self, interval: int) -> ExecutionConfig:
        """Set how often a task that is cancelled is interrupted.

        :param interval: milliseconds.
        """
        self._j_execution_config.setTaskCancellationInterval(interval)
        return self

    def get_task_cancellation_timeout(self) -> int:
        """Milliseconds after which a task that does not end is a fatal error."""
        return self._j_execution_config.getTaskCancellationTimeout()

    def set_task_cancellation_timeout(self, timeout: int) -> ExecutionConfig:
        """Set after which time a task that does not end is a fatal error.

        :param timeout: milliseconds; 0 for never.
        """
        self._j_execution_config.setTaskCancellationTimeout(timeout)
        return self

    def set_restart_strategy(
        self, restart_strategy_configuration: RestartStrategyConfiguration
    ) -> ExecutionConfig:
        """Set what happens after a failure.

        :param restart_strategy_configuration: one of :class:`RestartStrategies`.
        """
        self._j_execution_config.setRestartStrategy(
            restart_strategy_configuration._j_restart_strategy_configuration
        )
        return self

    def get_restart_strategy(self) -> RestartStrategyConfiguration:
        """What happens after a failure."""
        return RestartStrategies._from_j_restart_strategy(
            self._j_execution_config.getRestartStrategy()
        )

    def set_execution_mode(self, execution_mode: ExecutionMode) -> ExecutionConfig:
        """Set how batch programs exchange data.

        :param execution_mode: the mode.
        """
        self._j_execution_config.setExecutionMode(execution_mode._to_j_execution_mode())
        return self

    def get_execution_mode(self) -> ExecutionMode:
        """How batch programs exchange data."""
        return ExecutionMode._from_j_execution_mode(self._j_execution_config.getExecutionMode())

    def set_default_input_dependency_constraint(
        self, input_dependency_constraint: InputDependencyConstraint
    ) -> ExecutionConfig:
        """Set when a task may be scheduled.

        :param input_dependency_constraint: the rule.
        """
        self._j_execution_config.setDefaultInputDependencyConstraint(
            input_dependency_constraint._to_j_input_dependency_constraint()
        )
        return self

    def get_default_input_dependency_constraint(self) -> InputDependencyConstraint:
        """When a task may be scheduled."""
        return InputDependencyConstraint._from_j_input_dependency_constraint(
            self._j_execution_config.getDefaultInputDependencyConstraint()
        )

    def enable_force_kryo(self) -> ExecutionConfig:
        """Use Kryo for Java objects that Flink could treat as POJOs."""
        self._j_execution_config.enableForceKryo()
        return self

    def disable_force_kryo(self) -> ExecutionConfig:
        """Do not force Kryo for POJOs."""
        self._j_execution_config.disableForceKryo()
        return self

    def is_force_kryo_enabled(self) -> bool:
        """Whether Kryo is forced for POJOs."""
        return self._j_execution_config.isForceKryoEnabled()

    def enable_generic_types(self) -> ExecutionConfig:
        """Allow Java types that only Kryo can serialize."""
        self._j_execution_config.enableGenericTypes()
        return self

    def disable_generic_types(self) -> ExecutionConfig:
        """Refuse Java types that only Kryo can serialize."""
        self._j_execution_config.disableGenericTypes()
        return self

    def has_generic_types_disabled(self) -> bool:
        """Whether Java types that only Kryo can serialize are refused."""
        return self._j_execution_config.hasGenericTypesDisabled()

    def enable_auto_generated_uids(self) -> ExecutionConfig:
        """Let Flink give operators without an uid one."""
        self._j_execution_config.enableAutoGeneratedUIDs()
        return self

    def disable_auto_generated_uids(self) -> ExecutionConfig:
        """Refuse operators without an uid."""
        self._j_execution_config.disableAutoGeneratedUIDs()
        return self

    def has_auto_generated_uids_enabled(self) -> bool:
        """Whether operators without an uid get one."""
        return self._j_execution_config.hasAutoGeneratedUIDsEnabled()

    def enable_force_avro(self) -> ExecutionConfig:
        """Use Avro for Java POJOs."""
        self._j_execution_config.enableForceAvro()
        return self

    def disable_force_avro(self) -> ExecutionConfig:
        """Do not force Avro for Java POJOs."""
        self._j_execution_config.disableForceAvro()
        return self

    def is_force_avro_enabled(self) -> bool:
        """Whether Avro is forced for Java POJOs."""
        return self._j_execution_config.isForceAvroEnabled()

    def enable_object_reuse(self) -> ExecutionConfig:
        """Let chained Java operators share objects."""
        self._j_execution_config.enableObjectReuse()
        return self

    def disable_object_reuse(self) -> ExecutionConfig:
        """Copy objects between chained Java operators."""
        self._j_execution_config.disableObjectReuse()
        return self

    def is_object_reuse_enabled(self) -> bool:
        """Whether chained Java operators share objects."""
        return self._j_execution_config.isObjectReuseEnabled()

    def get_global_job_parameters(self) -> Dict[str, str]:
        """The parameters that functions read with RuntimeContext.get_job_parameter()."""
        return {
            str(k): str(v)
            for k, v in dict(self._j_execution_config.getGlobalJobParameters().toMap()).items()
        }

    def set_global_job_parameters(self, global_job_parameters_dict: Dict) -> ExecutionConfig:
        """Set the parameters that functions read with RuntimeContext.get_job_parameter().

        :param global_job_parameters_dict: names and values; values become text.
        """
        from pyflink.java_gateway import get_gateway

        configuration = get_gateway().jvm.org.apache.flink.configuration.Configuration()
        for key, value in global_job_parameters_dict.items():
            configuration.setString(str(key), value if isinstance(value, str) else str(value))
        self._j_execution_config.setGlobalJobParameters(configuration)
        return self

    def add_default_kryo_serializer(
        self, type_class_name: str, serializer_class_name: str
    ) -> ExecutionConfig:
        """Set the Kryo serializer of a Java class and its subclasses.

        :param type_class_name: the class.
        :param serializer_class_name: the serializer.
        """
        self._j_execution_config.addDefaultKryoSerializer(
            load_java_class(type_class_name), load_java_class(serializer_class_name)
        )
        return self

    def register_type_with_kryo_serializer(
        self, type_class_name: str, serializer_class_name: str
    ) -> ExecutionConfig:
        """Set the Kryo serializer of one Java class.

        :param type_class_name: the class.
        :param serializer_class_name: the serializer.
        """
        self._j_execution_config.registerTypeWithKryoSerializer(
            load_java_class(type_class_name), load_java_class(serializer_class_name)
        )
        return self

    def register_pojo_type(self, type_class_name: str) -> ExecutionConfig:
        """Register a Java class with the POJO serializer.

        :param type_class_name: the class.
        """
        self._j_execution_config.registerPojoType(load_java_class(type_class_name))
        return self

    def register_kryo_type(self, type_class_name: str) -> ExecutionConfig:
        """Register a Java class with Kryo.

        :param type_class_name: the class.
        """
        self._j_execution_config.registerKryoType(load_java_class(type_class_name))
        return self

    def get_registered_types_with_kryo_serializer_classes(self) -> Dict[str, str]:
        """Java classes and the Kryo serializers that were set for them."""
        j_map = self._j_execution_config.getRegisteredTypesWithKryoSerializerClasses()
        return {_class_name(k): _class_name(v) for k, v in dict(j_map).items()}

    def get_default_kryo_serializer_classes(self) -> Dict[str, str]:
        """Java classes and the Kryo serializers that were set for them and their subclasses."""
        j_map = self._j_execution_config.getDefaultKryoSerializerClasses()
        return {_class_name(k): _class_name(v) for k, v in dict(j_map).items()}

    def get_registered_kryo_types(self) -> List[str]:
        """Java classes that were registered with Kryo."""
        return [_class_name(c) for c in self._j_execution_config.getRegisteredKryoTypes()]

    def get_registered_pojo_types(self) -> List[str]:
        """Java classes that were registered with the POJO serializer."""
        return [_class_name(c) for c in self._j_execution_config.getRegisteredPojoTypes()]

    def is_auto_type_registration_disabled(self) -> bool:
        """Whether Java types are only registered by hand."""
        return self._j_execution_config.isAutoTypeRegistrationDisabled()

    def disable_auto_type_registration(self) -> ExecutionConfig:
        """Register Java types only by hand."""
        self._j_execution_config.disableAutoTypeRegistration()
        return self

    def is_use_snapshot_compression(self) -> bool:
        """Whether full checkpoints are compressed."""
        return self._j_execution_config.isUseSnapshotCompression()

    def set_use_snapshot_compression(self, use_snapshot_compression: bool) -> ExecutionConfig:
        """Set whether full checkpoints are compressed.

        :param use_snapshot_compression: whether they are.
        """
        self._j_execution_config.setUseSnapshotCompression(use_snapshot_compression)
        return self

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, ExecutionConfig) and self._j_execution_config.equals(
            other._j_execution_config
        )

    def __hash__(self) -> int:
        return self._j_execution_config.hashCode()
