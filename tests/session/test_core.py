"""The session's core: cells, routing of their output, interrupts, bounds."""

from __future__ import annotations

import json
import re
import time

import pytest
from driver import Driver


@pytest.fixture(scope="module")
def core(home):
    """One session for the tests that leave nothing behind."""
    from conftest import environment

    one = Driver(environment(home), str(home))
    yield one
    one.close()


def result(core, code):
    reply = core.execute(code)
    assert reply["status"] == "ok", reply
    found = core.messages(reply["cell"], "execute_result")
    return found[0]["data"]["text/plain"] if found else None


# -- cells ---------------------------------------------------------------------------------------


def test_results_and_counts(core):
    first = core.execute("6 * 7")
    second = core.execute("_ + 1", store_history=False)
    assert core.messages(first["cell"], "execute_result")[0]["data"] == {"text/plain": "42"}
    assert core.messages(second["cell"], "execute_result")[0]["data"] == {"text/plain": "43"}


def test_silent_cell_shows_nothing(core):
    reply = core.execute("hidden = 5\nhidden", silent=True, store_history=False)
    assert reply["status"] == "ok"
    assert core.messages(reply["cell"], "execute_result") == []
    assert result(core, "hidden") == "5"


def test_user_expressions(core):
    reply = core.execute("a = 3", user_expressions={"twice": "a * 2", "bad": "1 / 0"})
    assert reply["user_expressions"]["twice"]["data"]["text/plain"] == "6"
    assert reply["user_expressions"]["bad"]["ename"] == "ZeroDivisionError"


def test_error_has_the_cells_line_and_no_frames_of_ours(core):
    reply = core.execute("def broken():\n    return {}['key']\nbroken()")
    assert reply["status"] == "error"
    assert (reply["ename"], reply["evalue"]) == ("KeyError", "'key'")
    text = "\n".join(reply["traceback"])
    assert "return {}['key']" in text
    assert "_pyflink_session" not in text and "interactiveshell" not in text
    assert core.messages(reply["cell"], "error")[0]["traceback"] == reply["traceback"]


def test_waiting_cells_are_aborted_after_an_error(core):
    slow = core.submit("execute", {"code": "import time; time.sleep(0.5); 1 / 0"})
    after = core.submit("execute", {"code": "never = 1"})
    help_ = core.submit("complete", {"code": "tim", "cursor_pos": 3}, way="here")
    assert core.reply(slow)["status"] == "error"
    assert core.reply(help_, "complete")["status"] == "ok"
    # The driver makes one call at a time, so the second was not waiting in the session.
    assert core.reply(after)["status"] in ("ok", "aborted")


@pytest.mark.parametrize(
    "code, shown",
    [
        ("%%time\nsum(range(10))", "Wall time"),
        ("%timeit -n1 -r1 1 + 1", "per loop"),
        ("!echo shell $((1 + 2))", "shell 3"),
        ("import asyncio\nawait asyncio.sleep(0)\nprint('awaited')", "awaited"),
        ("%lsmagic", None),
    ],
)
def test_ipythons_own(core, code, shown):
    reply = core.execute(code)
    assert reply["status"] == "ok"
    if shown is not None:
        assert shown in core.output(reply["cell"])


def test_help_comes_as_a_page(core):
    for code, shown in (("len?", "number of items"), ("import json\njson.dumps??", "def dumps")):
        payload = core.execute(code)["payload"]
        assert payload[0]["source"] == "page"
        assert shown in payload[0]["data"]["text/plain"]


def test_display_update_and_clear(core):
    reply = core.execute(
        "from IPython.display import display, clear_output, HTML\n"
        "handle = display(HTML('<b>1</b>'), display_id='it')\n"
        "clear_output(wait=True)\n"
        "handle.update(HTML('<b>2</b>'))"
    )
    shown = core.messages(reply["cell"], "display_data")[0]
    assert shown["data"]["text/html"] == "<b>1</b>"
    assert shown["transient"] == {"display_id": "it"}
    update = core.messages(reply["cell"], "update_display_data")[0]
    assert update["data"]["text/html"] == "<b>2</b>"
    assert core.messages(reply["cell"], "clear_output") == [{"wait": True}]


def test_names_of_the_session(core):
    code = "(env is s_env, type(env).__name__, Types.INT(), DataStream.__name__, sys.argv)"
    assert result(core, code).startswith("(True, 'StreamExecutionEnvironment', Integer")


def test_is_complete(core):
    for code, status in (
        ("1 + 1", "complete"), ("def f():", "incomplete"), ("x = (", "incomplete"),
        ("1 +* 2", "invalid"), ("%%time", "incomplete"), ("!ls", "complete"),
    ):  # fmt: skip
        assert core.call("is_complete", code=code)["status"] == status, code
    assert core.call("is_complete", code="if 1:")["indent"] == "    "


def test_completion_counts_code_points(core):
    core.execute("import os")
    reply = core.call("complete", code="'é', os.path.exi", cursor_pos=16)
    assert reply["matches"] == ["exists"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (13, 16)


def test_completion_of_java_packages(core):
    core.execute("from pyflink.java_gateway import get_gateway")
    for code, name in (
        ("get_gateway().jvm.java.util.concurrent.CountDown", "CountDownLatch"),
        ("get_gateway().jvm.org.apache.flink.configuration.CoreOp", "CoreOptions"),
        ("get_gateway().jvm.java.lang.Math.hyp", "hypot"),
        ("get_gateway().jvm.org.apache.flink.strea", "streaming"),
    ):
        assert name in core.call("complete", code=code, cursor_pos=len(code))["matches"], code


def test_completion_of_arguments_paths_and_magics(core, tmp_path):
    (tmp_path / "lines of text.csv").write_text("x")
    for code, name in (
        ("env.from_collection([1], type_i", "type_info="),
        ("open('%s/lin" % tmp_path, "%s/lines" % tmp_path),
        ("%jo", "%jobs"),
        ("%%ti", "%%time"),
    ):
        matches = core.call("complete", code=code, cursor_pos=len(code))["matches"]
        assert any(match.startswith(name) for match in matches), (code, matches)


def test_inspect_and_signature(core):
    reply = core.call("inspect", code="len([1])", cursor_pos=2)
    assert reply["found"] and "number of items" in reply["data"]["text/plain"]
    assert not core.call("inspect", code="no_such_name", cursor_pos=3)["found"]
    reply = core.call("signature", code="env.from_collection([1], ", cursor_pos=25)
    assert re.match(r"from_collection\(collection.*\*type_info", reply["text"])
    assert core.call("signature", code="x = 1", cursor_pos=5)["text"] is None


def test_history(core):
    core.execute("marker = 'first of two'")
    core.execute("marker = 'second of two'")
    rows = core.call("history", hist_access_type="tail", n=2)["history"]
    assert [row[2] for row in rows] == ["marker = 'first of two'", "marker = 'second of two'"]
    rows = core.call("history", hist_access_type="search", pattern="*first of two*")["history"]
    assert [row[2] for row in rows] == ["marker = 'first of two'"]
    rows = core.call("history", hist_access_type="range", session=0, start=1, stop=3)["history"]
    assert len(rows) == 2


def test_unknown_request(core):
    assert core.call("no_such_thing")["ename"] == "ValueError"


# -- routing -------------------------------------------------------------------------------------


def test_streams_keep_their_order(core):
    reply = core.execute(
        "import sys\nfor i in range(1000):\n    print(i)\nprint('e', file=sys.stderr)\nprint('z')"
    )
    assert core.output(reply["cell"]) == "".join("%d\n" % i for i in range(1000)) + "z\n"
    lines = [line for line in core.lines if line.startswith("stream %s " % reply["cell"])]
    kinds = [line.split()[2] for line in lines]
    assert kinds.index("err") > 0 and kinds[-1] == "out" and kinds.count("err") == 1
    assert len(lines) < 100  # small writes come together


def test_threads_and_tasks_write_to_their_cell(core):
    first = core.execute(
        "import threading, time, asyncio\n"
        "go = threading.Event()\n"
        "def later():\n    go.wait(60)\n    print('from the thread')\n"
        "    threading.Thread(target=lambda: print('from its child')).start()\n"
        "thread = threading.Thread(target=later); thread.start()"
    )
    second = core.execute("print('second'); go.set(); thread.join()")
    core.wait(
        lambda lines: "from its child\n" in core.output(first["cell"]), "late output"
    )
    assert "from the thread\n" in core.output(first["cell"])
    assert core.output(second["cell"]) == "second\n"


def test_java_writes_to_the_cell(core):
    reply = core.execute(
        "jvm = get_gateway().jvm\n"
        "jvm.System.out.println('out é')\njvm.System.err.println('err')\n"
        "jvm.System.out.print('no '); jvm.System.out.print(5); jvm.System.out.println()"
    )
    assert core.output(reply["cell"]) == "out é\nno 5\n"
    assert core.output(reply["cell"], error=True) == "err\n"


def test_jobs_write_to_the_cell_that_started_them(core):
    start = core.execute(
        "def slow(x):\n"
        "    import time\n    time.sleep(0.05)\n    print('function', x)\n"
        "    return 'record %d' % x\n"
        "env.set_parallelism(1)\n"
        "env.from_collection(list(range(10))).map(slow).print()\n"
        "client = env.execute_async('in the background')"
    )
    other = core.execute("print('another cell')\n%wait")
    text = core.output(start["cell"])
    for x in range(10):
        assert "function %d\n" % x in text and "record %d\n" % x in text
    assert core.output(other["cell"]) == "another cell\n"
    states = [status["state"] for status in core.messages(start["cell"], "job_status")]
    assert states[0] == "RUNNING" and states[-1] == "FINISHED"


def test_warnings_of_a_job_reach_its_cell(core):
    reply = core.execute(
        "def warn(x):\n"
        "    from pyflink.java_gateway import get_gateway\n"
        "    log = get_gateway().jvm.org.slf4j.LoggerFactory.getLogger('my.Logger')\n"
        "    log.info('not shown'); log.warn('careful {}', x); log.error('broken')\n"
        "    return x\n"
        "env.from_collection([7]).map(warn).print()\n"
        "_ = env.execute()"
    )
    assert reply["status"] == "ok"
    error = core.output(reply["cell"], error=True)
    assert "WARN Logger: careful 7\n" in error and "ERROR Logger: broken\n" in error
    assert "not shown" not in error


def test_failure_in_the_background_is_told_once(core):
    reply = core.execute(
        "env.from_collection([1]).map(lambda x: 1 // 0).print()\n"
        "client = env.execute_async('doomed')"
    )
    core.wait(
        lambda lines: "failed; %wait" in core.output(reply["cell"], True), "the failure"
    )
    waited = core.execute("%wait")
    assert waited["ename"] == "JobExecutionError"
    text = "\n".join(waited["traceback"])
    assert "ZeroDivisionError" in text and "lambda x: 1 // 0" in text
    assert "Java stack trace" not in text and "org.apache" not in text
    core.execute("%java_trace on")
    traced = "\n".join(core.execute("%wait")["traceback"])
    core.execute("%java_trace off")
    assert "at org.apache.flink" in traced


def test_a_job_that_prints_a_lot_neither_grows_nor_blocks_the_session(driver):
    one = driver()
    one.execute("import resource, threading")
    before = int(one.output(one.execute(
        "print(open('/proc/self/statm').read().split()[1])")["cell"]))  # fmt: skip
    one.send("slow 20")
    job = one.execute(
        "env.set_parallelism(1)\n"
        "env.from_sequence(1, 100_000_000).map(lambda x: 'x' * 100).print()\n"
        "client = env.execute_async('flood')"
    )
    one.wait(lambda lines: len(one.output(job["cell"])) > 3_000_000, "some output")
    answer = one.execute("print(open('/proc/self/statm').read().split()[1])")
    grown = (int(one.output(answer["cell"])) - before) * 4096
    assert grown < 300 << 20, "grown by %d MiB" % (grown >> 20)
    cancelled = one.execute("%cancel")
    assert one.output(cancelled["cell"]).endswith("CANCELED\n")
    one.execute("%limit 5")
    limited = one.execute(
        "env.from_sequence(1, 20).map(lambda x: 'line').print()\n_ = env.execute('limited')"
    )
    assert one.output(limited["cell"]).count("line\n") == 5
    one.wait(
        lambda lines: "printed 15 lines more" in one.output(limited["cell"], True),
        "the number of lines that were withheld",
    )


def test_captured_descriptors(driver):
    one = driver(TEST_CAPTURE="1")
    reply = one.execute(
        "import os, subprocess\nos.write(1, 'é€\\n'.encode()); os.write(2, b'two\\n')\n"
        "_ = subprocess.call(['echo', 'child'])"
    )
    one.wait(lambda lines: "child" in one.output(reply["cell"]), "the child's output")
    assert one.output(reply["cell"]).startswith("é€\n")
    one.wait(lambda lines: "two" in one.output(reply["cell"], True), "standard error")


# -- interrupts and questions --------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time; time.sleep(600)",
        "get_gateway().jvm.java.lang.Thread.sleep(600000)",
        "input('never answered ')",
        "env.from_sequence(1, 10**15).map(lambda x: None).print()\nenv.execute('endless')",
        "def loop(x):\n    while True: pass\n"
        "env.from_collection([1]).map(loop).print()\nenv.execute('stuck')",
    ],
)
def test_interrupt(core, code):
    core.execute("kept = 'kept'\nfrom pyflink.java_gateway import get_gateway")
    cell = core.submit("execute", {"code": "print('begun')\n" + code})
    core.wait_line("stream %s out begun" % cell)
    if "execute(" in code:
        # Told once the cell waits for it; an interrupt before that is the submission's.
        core.wait(
            lambda lines: any(x["foreground"] for x in core.messages(cell, "job_status")),
            "the job that the cell waits for",
        )
    if "input" in code:
        core.wait_line("input %s" % cell)
    while True:
        core.send("interrupt")
        # An interrupt that comes while a job is being submitted is the submission's: ask again.
        end = time.monotonic() + 10
        start = "reply execute %s " % cell
        reply = core.wait(
            lambda lines, end=end, start=start: next(
                (line for line in lines if line.startswith(start)), None
            )
            or time.monotonic() > end,
            "the reply",
        )
        if reply is not True:
            break
    assert json.loads(reply.split(" ", 3)[3])["ename"] == "KeyboardInterrupt"
    assert result(core, "kept") == "'kept'"
    assert "RUNNING" not in str(result(core, "%jobs"))


def test_a_second_interrupt_does_not_wait_for_the_jobs_end(core):
    cell = core.submit("execute", {"code": "import time\n"
        "def stuck(x):\n    print('in C'); time.sleep(20); return x\n"
        "env.from_collection([1]).map(stuck).print()\nenv.execute('stuck in C')"})  # fmt: skip
    core.wait(lambda lines: "in C" in core.output(cell), "the function")
    core.send("interrupt")
    time.sleep(0.5)
    assert not [line for line in core.lines if line.startswith("reply execute %s" % cell)]
    core.send("interrupt")
    assert core.reply(cell)["ename"] == "KeyboardInterrupt"
    assert "stopped waiting for the cancelled job" in core.output(cell, error=True)
    assert "'stuck in C'" not in str(result(core, "1")) and result(core, "2") == "2"
    assert "CANCELLING" in str(result(core, "%jobs"))


def test_an_interrupt_without_a_cell_is_no_ones(core):
    core.send("interrupt")
    assert result(core, "'calm'") == "'calm'"


def test_input_and_password(core):
    cell = core.submit("execute", {"code": "name = input('name? '); name"})
    assert core.wait_line("input %s" % cell) == "input %s name? " % cell
    core.send("answer Zoë")
    core.reply(cell)
    assert core.messages(cell, "execute_result")[0]["data"]["text/plain"] == "'Zoë'"
    cell = core.submit("execute", {"code": "import getpass; getpass.getpass('secret: ')"})
    assert "(password) secret: " in core.wait_line("input %s" % cell)
    core.send("answer x")
    assert core.reply(cell)["status"] == "ok"
    cell = core.submit("execute", {"code": "input()"})
    core.wait_line("input %s" % cell)
    core.send("answer")
    assert core.reply(cell)["ename"] == "EOFError"


def test_cells_beside_a_running_one(core):
    cell = core.submit("execute", {"code": "import threading; e = threading.Event(); e.wait(100)"})
    beside = core.submit("execute", {"code": "while 'e' not in globals(): pass\ne.set()"}, "here")
    assert core.reply(beside)["status"] == "ok"
    assert core.reply(cell)["status"] == "ok"


def test_end(driver):
    one = driver()
    one.execute("import atexit; atexit.register(print, 'at exit')")
    one.submit("execute", {"code": "exit"})
    assert one.end() == 0
    one.wait(lambda lines: lines[-1] == "(end)", "the end")
    assert any("at exit" in line for line in one.lines)
