"""Groups of operators that share slots, and their resources."""

from __future__ import annotations

from typing import Any, Optional

from pyflink.datastream._java import jvm

__all__ = ["MemorySize", "SlotSharingGroup"]


class MemorySize:
    """A number of bytes.

    :param j_memory_size: the Java MemorySize.
    :param bytes_size: the number, in place of the Java object.
    """

    def __init__(self, j_memory_size: Any = None, bytes_size: Optional[int] = None) -> None:
        if j_memory_size is None:
            j_memory_size = jvm().org.apache.flink.configuration.MemorySize(bytes_size)
        self._j_memory_size = j_memory_size

    @staticmethod
    def of_mebi_bytes(mebi_bytes: int) -> MemorySize:
        """So many mebibytes (1,048,576 bytes)."""
        j_class = jvm().org.apache.flink.configuration.MemorySize
        return MemorySize(j_class.ofMebiBytes(mebi_bytes))

    def get_bytes(self) -> int:
        """The number of bytes."""
        return self._j_memory_size.getBytes()

    def get_kibi_bytes(self) -> int:
        """The number of whole kibibytes."""
        return self._j_memory_size.getKibiBytes()

    def get_mebi_bytes(self) -> int:
        """The number of whole mebibytes."""
        return self._j_memory_size.getMebiBytes()

    def get_gibi_bytes(self) -> int:
        """The number of whole gibibytes."""
        return self._j_memory_size.getGibiBytes()

    def get_tebi_bytes(self) -> int:
        """The number of whole tebibytes."""
        return self._j_memory_size.getTebiBytes()

    def get_java_memory_size(self) -> Any:
        """The Java MemorySize."""
        return self._j_memory_size

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, MemorySize) and self.get_bytes() == other.get_bytes()

    def __hash__(self) -> int:
        return self._j_memory_size.hashCode()

    def __lt__(self, other: MemorySize) -> bool:
        if not isinstance(other, MemorySize):
            return NotImplemented
        return self.get_bytes() < other.get_bytes()

    def __le__(self, other: MemorySize) -> bool:
        return self < other or self == other

    def __str__(self) -> str:
        return self._j_memory_size.toString()


class SlotSharingGroup:
    """A group of operators that share slots; built with :meth:`builder`.

    :param j_slot_sharing_group: the Java SlotSharingGroup.
    """

    def __init__(self, j_slot_sharing_group: Any) -> None:
        self._j_slot_sharing_group = j_slot_sharing_group

    def get_name(self) -> str:
        """The group's name."""
        return self._j_slot_sharing_group.getName()

    def _memory(self, getter: str) -> Optional[MemorySize]:
        j_optional = getattr(self._j_slot_sharing_group, getter)()
        return MemorySize(j_optional.get()) if j_optional.isPresent() else None

    def get_managed_memory(self) -> Optional[MemorySize]:
        """The managed memory of a slot, or None when it was not set."""
        return self._memory("getManagedMemory")

    def get_task_heap_memory(self) -> Optional[MemorySize]:
        """The heap of a slot, or None when it was not set."""
        return self._memory("getTaskHeapMemory")

    def get_task_off_heap_memory(self) -> Optional[MemorySize]:
        """The memory of a slot outside the heap, or None when it was not set."""
        return self._memory("getTaskOffHeapMemory")

    def get_cpu_cores(self) -> Optional[float]:
        """The CPU cores of a slot, or None when they were not set."""
        j_optional = self._j_slot_sharing_group.getCpuCores()
        return j_optional.get() if j_optional.isPresent() else None

    def get_external_resources(self) -> dict:
        """Other resources of a slot: names and amounts."""
        return dict(self._j_slot_sharing_group.getExternalResources())

    def get_java_slot_sharing_group(self) -> Any:
        """The Java SlotSharingGroup."""
        return self._j_slot_sharing_group

    @staticmethod
    def builder(name: str) -> SlotSharingGroup.Builder:
        """Build a group.

        :param name: its name.
        """
        j_class = jvm().org.apache.flink.api.common.operators.SlotSharingGroup
        return SlotSharingGroup.Builder(j_class.newBuilder(name))

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, SlotSharingGroup) and self._j_slot_sharing_group.equals(
            other._j_slot_sharing_group
        )

    def __hash__(self) -> int:
        return self._j_slot_sharing_group.hashCode()

    class Builder:
        """Builds a :class:`SlotSharingGroup`; CPU cores and heap belong together.

        :param j_builder: the Java builder.
        """

        def __init__(self, j_builder: Any) -> None:
            self._j_builder = j_builder

        def set_cpu_cores(self, cpu_cores: float) -> SlotSharingGroup.Builder:
            """Set the CPU cores of a slot.

            :param cpu_cores: how many; may be a part of one.
            """
            self._j_builder.setCpuCores(float(cpu_cores))
            return self

        def set_task_heap_memory(self, task_heap_memory: MemorySize) -> SlotSharingGroup.Builder:
            """Set the heap of a slot.

            :param task_heap_memory: how much.
            """
            self._j_builder.setTaskHeapMemory(task_heap_memory.get_java_memory_size())
            return self

        def set_task_heap_memory_mb(self, task_heap_memory_mb: int) -> SlotSharingGroup.Builder:
            """Set the heap of a slot.

            :param task_heap_memory_mb: mebibytes.
            """
            self._j_builder.setTaskHeapMemoryMB(task_heap_memory_mb)
            return self

        def set_task_off_heap_memory(
            self, task_off_heap_memory: MemorySize
        ) -> SlotSharingGroup.Builder:
            """Set the memory of a slot outside the heap.

            :param task_off_heap_memory: how much.
            """
            self._j_builder.setTaskOffHeapMemory(task_off_heap_memory.get_java_memory_size())
            return self

        def set_task_off_heap_memory_mb(
            self, task_off_heap_memory_mb: int
        ) -> SlotSharingGroup.Builder:
            """Set the memory of a slot outside the heap.

            :param task_off_heap_memory_mb: mebibytes.
            """
            self._j_builder.setTaskOffHeapMemoryMB(task_off_heap_memory_mb)
            return self

        def set_managed_memory(self, managed_memory: MemorySize) -> SlotSharingGroup.Builder:
            """Set the managed memory of a slot.

            :param managed_memory: how much.
            """
            self._j_builder.setManagedMemory(managed_memory.get_java_memory_size())
            return self

        def set_managed_memory_mb(self, managed_memory_mb: int) -> SlotSharingGroup.Builder:
            """Set the managed memory of a slot.

            :param managed_memory_mb: mebibytes.
            """
            self._j_builder.setManagedMemoryMB(managed_memory_mb)
            return self

        def set_external_resource(self, name: str, value: float) -> SlotSharingGroup.Builder:
            """Set another resource of a slot.

            :param name: its name.
            :param value: how much.
            """
            self._j_builder.setExternalResource(name, float(value))
            return self

        def build(self) -> SlotSharingGroup:
            """The group."""
            return SlotSharingGroup(self._j_builder.build())
