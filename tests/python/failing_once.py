"""The environment of programs that fail once and begin again from a checkpoint."""

from __future__ import annotations

import pathlib
from typing import Optional

from pyflink.common import Configuration
from pyflink.datastream import StreamExecutionEnvironment


def environment(
    backend: str,
    checkpoints: pathlib.Path,
    fails: bool,
    cache_size: int,
    savepoint: Optional[str] = None,
) -> StreamExecutionEnvironment:
    """Checkpoints all the time, one restart where the program fails, and one subtask.

    :param backend: value of state.backend.type.
    :param checkpoints: the folder of the checkpoints.
    :param fails: whether the job is to fail once.
    :param cache_size: fewer objects than there are, so that state leaves the cache all the time.
    :param savepoint: what the job begins from, if it is not to begin anew.
    """
    config = Configuration()
    config.set_string("state.backend.type", backend)
    config.set_string("execution.checkpointing.dir", checkpoints.as_uri())
    config.set_string("restart-strategy.type", "fixed-delay")
    config.set_string("restart-strategy.fixed-delay.attempts", "1" if fails else "0")
    config.set_string("restart-strategy.fixed-delay.delay", "10 ms")
    config.set_string("python.state.cache-size", str(cache_size))
    if savepoint:
        config.set_string("execution.state-recovery.path", savepoint)
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    env.enable_checkpointing(40)
    return env
