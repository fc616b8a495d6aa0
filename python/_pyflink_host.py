"""Start-up policy of the embedded interpreter: what python3 does, where that is not enough."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType, TracebackType
from typing import Any, Optional

_HERE = os.path.dirname(os.path.abspath(__file__))


def prepare_program(faulthandler: int) -> None:
    """Prepares the interpreter of pyflink-shell before the user's program runs.

    :param faulthandler: not zero when python3 would have enabled faulthandler at its start.
    """
    import _pyflink_engine

    use_python_deps(_pyflink_engine.paths()["python_deps"])
    for stream in (sys.stdout, sys.stderr):
        # Lines leave at once, also into a pipe: a job prints for hours.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end_program)
    if not os.environ.get("PYFLINK_SHELL_DEBUG"):
        sys.excepthook = _excepthook
    prefer_spawn()
    if faulthandler:
        import faulthandler as module

        module.enable()
    options = _pyflink_engine.options()
    look_at_jars(options["jars"])
    bring_along(options["flink_options"])


def bring_along(flink_options: list[str]) -> None:
    """Makes the files and packages of -pyfs, -pyreq and the like importable for the program.

    :param flink_options: "key=value" strings of the command line.
    :raises SystemExit: one of them cannot be used; stderr says which.
    """
    if not any(option.startswith("python.") for option in flink_options):
        return
    from pyflink._engine.dependencies import for_program

    try:
        for_program(flink_options)
    except (OSError, RuntimeError, ValueError) as error:
        print("pyflink-shell: %s" % error, file=sys.stderr)
        raise SystemExit(2 if isinstance(error, FileNotFoundError) else 1) from None


def look_at_jars(jars: list[str]) -> None:
    """Refuses what --jars names when it cannot be one.

    :raises SystemExit: one is no jar; stderr says which.
    """
    if not jars:
        return
    from pyflink._engine.jars import check_jars

    try:
        check_jars(jars, "--jars")
    except ValueError as error:
        print("pyflink-shell: %s" % error, file=sys.stderr)
        raise SystemExit(2) from None


def use_python_deps(folder: str) -> None:
    """Puts the run-time requirements last on sys.path, so that the user's own ones win."""
    if folder not in sys.path and os.path.isdir(folder):
        sys.path.append(folder)


def _end_program(number: int, frame: Optional[FrameType]) -> None:
    raise SystemExit(128 + number)


def _without_our_frames(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    frames = []
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not (name.startswith(_HERE) and name[len(_HERE) : len(_HERE) + 1] == os.sep):
            frames.append(trace)
        trace = trace.tb_next
    for earlier, later in zip(frames, frames[1:]):
        earlier.tb_next = later
    if frames:
        frames[-1].tb_next = None
    return frames[0] if frames else None


def _excepthook(
    kind: type[BaseException], value: BaseException, trace: Optional[TracebackType]
) -> None:
    """Shows an error as python3 does, without the frames that are not the user's."""
    seen: set[int] = set()
    pending: list[Optional[BaseException]] = [value]
    while pending:
        error = pending.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        kept = _without_our_frames(error.__traceback__)
        if kept is not None:
            error.__traceback__ = kept
        pending += [error.__cause__, error.__context__]
    sys.__excepthook__(kind, value, value.__traceback__ if trace is not None else None)


def prefer_spawn() -> None:
    """Makes "spawn" the default start method of multiprocessing, now or when it is imported.

    A forked child has the JVM's memory but none of its threads. Only the default changes: a
    program can still choose with set_start_method().
    """
    if "multiprocessing.context" in sys.modules:
        _set_spawn()
    elif not any(isinstance(finder, _SpawnFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _SpawnFinder())


def _set_spawn() -> None:
    context: Any = sys.modules["multiprocessing.context"]
    default = getattr(context, "_default_context", None)
    contexts = getattr(context, "_concrete_contexts", {})
    if default is not None and "spawn" in contexts:
        default._default_context = contexts["spawn"]


class _SpawnFinder:
    """Runs _set_spawn right after multiprocessing.context has been imported, then goes away."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "multiprocessing.context":
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            _set_spawn()

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def train() -> None:
    """The typical small job whose classes go into the class archive."""
    import _pyflink_engine

    _pyflink_engine.jvm_wait()
    from pyflink.common.typeinfo import Types
    from pyflink.datastream import StreamExecutionEnvironment

    def split(line: str) -> Any:
        yield from line.split()

    for declared in (True, False):
        env = StreamExecutionEnvironment.get_execution_environment()
        env.set_parallelism(1)
        lines = env.from_collection(["to be or not to be", "that is the question"], Types.STRING())
        pair = Types.TUPLE([Types.STRING(), Types.INT()]) if declared else None
        (
            lines.flat_map(split, output_type=Types.STRING())
            .map(lambda word: (word, 1), output_type=pair)
            .key_by(lambda value: value[0], key_type=Types.STRING() if declared else None)
            .reduce(lambda left, right: (left[0], left[1] + right[1]))
            .filter(lambda value: False)
            .print()
        )
        env.execute("training")
        with lines.execute_and_collect() as results:
            list(results)
    _train_harness()


def _train_harness() -> None:
    """Unit tests start a JVM for a few records: half of their time would be loading classes."""
    from pyflink.common.typeinfo import Types
    from pyflink.datastream.functions import KeyedProcessFunction
    from pyflink.datastream.state import ValueStateDescriptor
    from pyflink.testing.harness import ProcessFunctionTestHarnesses

    class Count(KeyedProcessFunction):
        def open(self, runtime_context: Any) -> None:
            self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.LONG()))

        def process_element(self, value: Any, ctx: Any) -> Any:
            self.count.update((self.count.value() or 0) + 1)
            ctx.timer_service().register_event_time_timer(ctx.timestamp())
            yield value

    for_keyed = ProcessFunctionTestHarnesses.for_keyed_process_function
    first = for_keyed(Count(), lambda value: value, Types.STRING(), Types.STRING())
    with first:
        first.process_element("a", 1)
        first.process_watermark(1)
        first.get_output()
        snapshot = first.snapshot()
    second = for_keyed(Count(), lambda value: value, Types.STRING(), Types.STRING())
    second.initialize_state(snapshot)
    with second:
        pass
