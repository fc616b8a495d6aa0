"""Slot sharing groups and memory sizes: what is built is what is read back."""

from pyflink.common import Types
from pyflink.datastream import MemorySize, SlotSharingGroup, StreamExecutionEnvironment

size = MemorySize.of_mebi_bytes(64)
print(
    size,
    size.get_bytes(),
    size.get_kibi_bytes(),
    size.get_mebi_bytes(),
    size.get_gibi_bytes(),
    size.get_tebi_bytes(),
)
print(
    size == MemorySize(bytes_size=64 << 20),
    size < MemorySize.of_mebi_bytes(65),
    hash(size) == hash(MemorySize.of_mebi_bytes(64)),
)
print(MemorySize(bytes_size=1000), MemorySize(bytes_size=2048))
group = (
    SlotSharingGroup.builder("full")
    .set_cpu_cores(0.5)
    .set_task_heap_memory_mb(100)
    .set_task_off_heap_memory(MemorySize.of_mebi_bytes(10))
    .set_managed_memory_mb(20)
    .set_external_resource("gpu", 1.0)
    .build()
)
print(
    group.get_name(),
    group.get_cpu_cores(),
    group.get_task_heap_memory(),
    group.get_task_off_heap_memory(),
    group.get_managed_memory(),
    group.get_external_resources(),
)
plain = SlotSharingGroup.builder("plain").build()
print(
    plain.get_name(),
    plain.get_cpu_cores(),
    plain.get_task_heap_memory(),
    plain.get_managed_memory(),
    plain.get_external_resources(),
)
same = SlotSharingGroup.builder("plain").build()
print(plain == same, plain == group, hash(plain) == hash(same))
for wrong in (
    lambda b: b.set_cpu_cores(1.0),
    lambda b: b.set_task_heap_memory_mb(5),
    lambda b: b.set_cpu_cores(-1.0),
):
    try:
        print(wrong(SlotSharingGroup.builder("wrong")).build().get_cpu_cores())
    except Exception as error:
        print(type(error).__name__, "IllegalArgumentException" in str(error))

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
print(env.register_slot_sharing_group(plain) is env)
stream = env.from_collection([1, 2], Types.INT()).map(lambda x: x + 1, Types.INT())
stream.slot_sharing_group("default").map(lambda x: x * 2, Types.INT()).print().slot_sharing_group(
    "default"
)
env.execute()
