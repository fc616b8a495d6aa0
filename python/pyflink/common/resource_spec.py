"""What an operator needs of a machine."""

from __future__ import annotations

from typing import Any, Dict

__all__ = ["ResourceSpec"]


def _class() -> Any:
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm.org.apache.flink.api.common.operators.ResourceSpec


class ResourceSpec:
    """CPU cores, memory and other resources; built with :meth:`builder`.

    :param j_resource_spec: the Java org.apache.flink.api.common.operators.ResourceSpec.
    """

    def __init__(self, j_resource_spec: Any) -> None:
        self._j_resource_spec = j_resource_spec

    @staticmethod
    def unknown() -> ResourceSpec:
        """The resources of an operator for which nothing was set."""
        return ResourceSpec(_class().UNKNOWN)

    @staticmethod
    def builder(cpu_cores: float, task_heap_memory_mb: int) -> ResourceSpec.Builder:
        """Build one step by step.

        :param cpu_cores: how many cores; may be a part of one.
        :param task_heap_memory_mb: mebibytes of the Java heap.
        """
        return ResourceSpec.Builder(_class().newBuilder(float(cpu_cores), task_heap_memory_mb))

    def is_unknown(self) -> bool:
        """Whether nothing was set. The getters then raise a Py4JJavaError."""
        return self._j_resource_spec.equals(_class().UNKNOWN)

    def get_cpu_cores(self) -> float:
        """The CPU cores."""
        return float(self._j_resource_spec.getCpuCores().getValue())

    def get_task_heap_memory(self) -> Any:
        """The :class:`~pyflink.datastream.MemorySize` of the Java heap."""
        return self._memory("getTaskHeapMemory")

    def get_task_off_heap_memory(self) -> Any:
        """The :class:`~pyflink.datastream.MemorySize` outside the heap."""
        return self._memory("getTaskOffHeapMemory")

    def get_managed_memory(self) -> Any:
        """The :class:`~pyflink.datastream.MemorySize` that Flink manages."""
        return self._memory("getManagedMemory")

    def _memory(self, getter: str) -> Any:
        from pyflink.datastream.slot_sharing_group import MemorySize

        return MemorySize(getattr(self._j_resource_spec, getter)())

    def get_extended_resources(self) -> Dict[str, float]:
        """Other resources: names and amounts."""
        j_resources = self._j_resource_spec.getExtendedResources()
        return {
            str(name): float(j_resource.getValue())
            for name, j_resource in dict(j_resources).items()
        }

    def merge(self, other: ResourceSpec) -> ResourceSpec:
        """The sum of both.

        :param other: what to add.
        """
        return ResourceSpec(self._j_resource_spec.merge(other._j_resource_spec))

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, ResourceSpec) and self._j_resource_spec.equals(
            other._j_resource_spec
        )

    def __hash__(self) -> int:
        return self._j_resource_spec.hashCode()

    def __str__(self) -> str:
        return self._j_resource_spec.toString()

    class Builder:
        """Builds a :class:`ResourceSpec`.

        :param j_builder: the Java builder.
        """

        def __init__(self, j_builder: Any) -> None:
            self._j_builder = j_builder

        def set_task_off_heap_memory_mb(self, task_off_heap_memory_mb: int) -> ResourceSpec.Builder:
            """Set the memory outside the heap.

            :param task_off_heap_memory_mb: mebibytes.
            """
            self._j_builder.setTaskOffHeapMemoryMB(task_off_heap_memory_mb)
            return self

        def set_managed_memory_mb(self, managed_memory_mb: int) -> ResourceSpec.Builder:
            """Set the memory that Flink manages.

            :param managed_memory_mb: mebibytes.
            """
            self._j_builder.setManagedMemoryMB(managed_memory_mb)
            return self

        def set_extended_resource(self, name: str, value: float) -> ResourceSpec.Builder:
            """Set another resource.

            :param name: its name.
            :param value: how much.
            """
            from pyflink.java_gateway import get_gateway

            j_class = get_gateway().jvm.org.apache.flink.api.common.resources.ExternalResource
            self._j_builder.setExtendedResource(j_class(name, float(value)))
            return self

        def build(self) -> ResourceSpec:
            """The resources."""
            return ResourceSpec(self._j_builder.build())
