"""The runtime mode that an option of the command line sets."""

from __future__ import annotations

import pytest
from runner import Shell

SUMS = """
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pairs = env.from_collection([("a", 1), ("a", 2)], Types.TUPLE([Types.STRING(), Types.INT()]))
pairs.key_by(lambda t: t[0], Types.STRING()).sum(1).print()
env.execute()
"""


@pytest.mark.parametrize(
    "mode, printed",
    [("BATCH", "(a,3)\n"), ("STREAMING", "(a,1)\n(a,3)\n"), ("AUTOMATIC", "(a,3)\n")],
)
def test_mode_of_the_command_line(shell: Shell, mode: str, printed: str) -> None:
    done = shell.run("-D", f"execution.runtime-mode={mode}", "-f", shell.script(SUMS)).ok()
    assert done.stdout == printed
