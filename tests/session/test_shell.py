"""The interactive shell in a terminal: what is typed, and what the screen then shows."""

from __future__ import annotations

import os
import re
import shlex
import time

import pytest
from runner import SHELL
from terminal import ENTER, LEFT, TAB, UP, control

PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"


def fresh(shell) -> None:
    """Whatever a test has left on the line goes."""
    before = shell.text().count("KeyboardInterrupt")
    shell.type(control("C"))
    shell.wait_until(lambda: shell.text().count("KeyboardInterrupt") > before, "the interrupt")
    shell.wait_prompt()


# -- cells ---------------------------------------------------------------------------------------


def test_results_output_and_errors(shared):
    assert shared.run("6 * 7") == "Out[1]: 42"
    # The emulator keeps an empty cell behind a wide character.
    assert shared.run("print('héllo', '世界')").replace(" ", "") == "héllo世界"
    assert shared.run("x = 1") == ""
    shown = shared.run("1 / 0")
    assert "ZeroDivisionError: division by zero" in shown and "----> 1 1 / 0" in shown
    assert "_pyflink_session" not in shown


def test_underscore_in_and_out(shared):
    shared.run("'first'")
    assert shared.run("_ + '!'").endswith("'first!'")
    assert "'first!'" in shared.run("Out[max(Out)]")


def test_block_with_continuation_prompts(shared):
    number = shared.wait_prompt()
    shared.type("def twice(x):" + ENTER)
    shared.wait_line(r" +\.\.\.:")
    assert shared.screen.cursor.x == len("In [%d]: " % number) + 4  # indented
    shared.type("return 2 * x" + ENTER)
    shared.wait_line(r" +\.\.\.:")
    shared.type(ENTER)
    assert shared.run("twice(21)").endswith("42")


def test_block_is_one_history_entry(shared):
    shared.wait_prompt()
    shared.type("for i in range(2):" + ENTER)
    shared.wait_line(r" +\.\.\.:")
    shared.type("print('i is', i)" + ENTER)
    shared.wait_line(r" +\.\.\.:")
    shared.type(ENTER)
    shared.wait_prompt()
    shared.type(UP)
    shared.wait_line(r"    print\('i is', i\)")
    shared.type(ENTER)
    shared.wait_line(r" +\.\.\.:")
    shared.type(ENTER)
    shared.wait_prompt()
    assert shared.text().count("i is 1") == 2


def test_reverse_search(shared):
    shared.run("needle = 'in a haystack'")
    shared.run("other = 1")
    shared.type(control("R") + "needl")
    shared.wait_line(r"\(reverse-i-search\).*needle = 'in a haystack'")
    shared.type(ENTER)
    shared.wait_prompt()


def test_bracketed_paste_of_indented_code(shared):
    shared.wait_prompt()
    code = "    def pasted(x):\n        if x:\n\n            return 'yes'\n        return 'no'\n"
    shared.type(PASTE_BEGIN + code + PASTE_END)
    shared.wait(r"return 'no'")
    shared.type(ENTER)
    assert shared.run("pasted(1) + pasted(0)").endswith("'yesno'")


def test_wide_characters_are_edited_by_columns(shared):
    shared.wait_prompt()
    shared.type("'日本x" + LEFT + "語" + "\x1b[C" + "'" + ENTER)
    shared.wait(r"Out\[\d+\]: '日 ?本 ?語 ?x'")
    shared.wait_prompt()


def test_top_level_await_shell_commands_and_help(shared):
    assert shared.run("import asyncio; await asyncio.sleep(0, 'done')").endswith("'done'")
    assert shared.run("!echo from $((40 + 2))") == "from 42"
    assert "number of items" in shared.run("len?")
    assert "per loop" in shared.run("%timeit -n1 -r1 pass")


def test_input_and_getpass(shared):
    shared.wait_prompt()
    shared.type("answer = input('name? ')" + ENTER)
    shared.wait_line(r"name\?")
    shared.type("Zoë" + ENTER)
    assert shared.run("answer").endswith("'Zoë'")
    shared.type("import getpass; word = getpass.getpass('secret: ')" + ENTER)
    shared.wait_line("secret:")
    shared.type("hidden" + ENTER)
    assert shared.run("len(word)").endswith("6")
    assert "hidden" not in shared.text()


# -- completion ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed, completed",
    [
        ("impor", "import"),
        ("import os; os.path.expandu", "import os; os.path.expanduser"),
        ("env.from_collection([], type_i", "env.from_collection([], type_info="),
        ("%java_tr", "%java_trace"),
        ("open('/etc/host.c", "open('/etc/host.conf"),
        ("import pyflink.datast", "import pyflink.datastream"),
    ],
)
def test_completion(shared, typed, completed):
    number = shared.wait_prompt()
    shared.type(typed + TAB)
    shared.wait_line(r"In \[%d\]: %s.?" % (number, re.escape(completed)))
    fresh(shared)


def test_completion_lists_and_java_packages(shared):
    shared.run("from pyflink.java_gateway import get_gateway")
    shared.type("get_gateway().jvm.java.util.concurrent.CountDown" + TAB)
    shared.wait_line(r"In .*CountDownLatch")
    fresh(shared)
    shared.type("import os; os.path.get" + TAB + TAB)
    shared.wait(r"^getatime +getctime")
    fresh(shared)


def test_tab_indents_and_signature_hint(shared):
    number = shared.wait_prompt()
    shared.type(TAB)
    shared.wait_until(
        lambda: shared.screen.cursor.x == len("In [%d]: " % number) + 4, "an indentation"
    )
    fresh(shared)
    shared.type("env.from_collection(" + TAB)
    shared.wait(r"^from_collection\(\*collection")
    shared.wait_line(r"In \[%d\]: env\.from_collection\(" % number)
    fresh(shared)


# -- jobs ----------------------------------------------------------------------------------------


def test_job_prints(shared):
    shared.run("env.set_parallelism(1)")
    shown = shared.run("_ = env.from_collection([1, 2]).map(str).print(); env.execute('two')")
    assert re.match(r"1\n2\nOut\[\d+\]: job \w+ finished in \d+ ms", shown)


def test_late_output_comes_above_the_prompt_and_typed_text_stays(shared):
    shared.run("import time; late = lambda x: (time.sleep(0.6), 'late %d of 5' % x)[1]")
    shared.run("_ = env.from_collection([1, 2, 3, 4, 5]).map(late).print()")
    number = shared.wait_prompt()
    shared.type("client = env.execute_async('late')" + ENTER)
    shared.wait_line(r"In \[%d\]:" % (number + 1))
    shared.type("typed = 'ab" + LEFT)
    shared.wait(r"late 5 of 5")
    shared.wait_line(r"In \[%d\]: typed = 'ab" % (number + 1))
    lines = shared.text().split("\n")
    shown = [line for line in lines if line.startswith("late ")]
    assert shown == ["late %d of 5" % x for x in range(1, 6)]
    # The cursor is still before the b.
    shared.type("x" + control("E") + "'" + ENTER)
    assert shared.run("typed").endswith("'axb'")


def test_preview(shared):
    shared.run("stream = env.from_collection([(1, 'é'), (2, '日')], "
               "Types.TUPLE([Types.INT(), Types.STRING()]))")  # fmt: skip
    shown = shared.run("stream")
    assert "f0  Integer" in shown and "f1  String" in shown
    shown = shared.run("stream.show()").split("\n")
    assert shown[0].split() == ["f0", "f1"] and shown[2].split() == ["1", "é"]
    assert shown[-1] == "(2 records)"
    shown = shared.run("env.from_sequence(1, 10**15).show(3)")
    assert shown.endswith("(first 3 records)")
    assert "CANCELED" in shared.run("%jobs").split("\n")[-1]


def test_magics_of_jobs(shared, tmp_path):
    shared.run("import time; few = lambda x: (time.sleep(0.01), x < 3)[1]")
    shared.run("_ = env.from_sequence(1, 10**15).filter(few).print()")
    shared.run("client = env.execute_async('endless')")
    row = next(line for line in shared.run("%jobs").split("\n") if " endless " in line)
    number = row.split()[0]
    shared.wait_until(
        lambda: re.search(r"[1-9][\d,]* records in", shared.run("%job " + number)), "records"
    )
    shown = shared.run("%job")
    assert "RUNNING" in shown and "Source: Sequence Source" in shown and "busy" in shown
    shown = shared.run("%%savepoint %s %s" % (number, tmp_path))
    assert str(tmp_path) in shown.replace("\n", "")
    assert len(os.listdir(tmp_path)) == 1
    assert shared.run("%cancel " + number) == "job %s: CANCELED" % number
    assert "has ended (CANCELED)" in shared.run("%cancel " + number)
    assert "there is no job '99'" in shared.run("%job 99")
    assert shared.run("%tail " + number) == "1\n2"


def test_magics_of_the_session(shared):
    shared.run("_ = env.from_collection([1]).map(lambda x: x).name('my map').print()")
    shown = shared.run("%plan")
    assert "my map" in shown and "Sink: Print" in shown and "←" in shown
    shared.run("_ = env.execute()")
    assert "no operators yet" in shared.run("%plan")
    shown = shared.run("%flink env")
    for word in ("Python", "sys.path", "Java", "added jars", "cluster"):
        assert re.search("^%s" % word, shown, re.MULTILINE), word
    assert "%savepoint" in shared.run("%flink")
    shown = shared.run("%stacks")
    assert "== Java" in shared.text() and "thread main" in shown.lower()
    assert shared.run("%java_trace on") == "Java's stack traces are shown"
    assert "at org.apache" in shared.run("env.execute()")
    shared.run("%java_trace off")
    assert "at org.apache" not in shared.run("env.execute()")


def test_jars(shared, tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "one.jar", "w") as jar:
        jar.writestr("there.txt", "in the jar")
    (tmp_path / "none.jar").write_text("no jar")
    shared.run("from pyflink.java_gateway import get_gateway")
    assert "one.jar" in shared.run("%%jars add %s/o*.jar" % tmp_path).replace("\n", "")
    assert "one.jar" in shared.run("%jars list").replace("\n", "")
    loader = "get_gateway().jvm.java.lang.Thread.currentThread().getContextClassLoader()"
    assert "jar:file" in shared.run("str(%s.getResource('there.txt'))" % loader)
    assert "is no jar" in shared.run("%%jars add %s/none.jar" % tmp_path).replace("\n", "")
    assert "there is no file" in shared.run("%jars add /nowhere/x.jar")


def test_progress_line_is_gone_at_the_end(shared):
    shared.run("import time; slowly = lambda x: (time.sleep(0.02), x)[1]")
    shared.run("_ = env.from_sequence(1, 100).map(slowly).filter(lambda x: False).print()")
    number = shared.wait_prompt()
    shared.type("_ = env.execute('counting')" + ENTER)
    shared.wait(r"^job \d+ 'counting': [\d,]+ records, [\d,]+/s, \d+ %")
    shared.wait_line(r"In \[%d\]:" % (number + 1))
    assert "'counting':" not in shared.text()


# -- interrupts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code, begun",
    [
        ("print('go 1'); exec('while True: pass')", "go 1"),
        ("import time; print('go 2'); time.sleep(600)", "go 2"),
        ("print('go 3'); get_gateway().jvm.java.lang.Thread.sleep(600000)", "go 3"),
        ("input('asking ')", "asking"),
        ("print('go 4'); env.execute('endless')", "go 4"),
    ],
)
def test_interrupt(shared, code, begun):
    shared.run("kept = 'still here'")
    shared.run("from pyflink.java_gateway import get_gateway")
    if "execute" in code:
        shared.run("_ = env.from_sequence(1, 10**15).filter(lambda x: False).print()")
    number = shared.wait_prompt()
    shared.type(code + ENTER)
    shared.wait_line(r"%s|job .*" % begun) if begun == "asking" else shared.wait("^%s$" % begun)
    if "execute" in code:
        shared.wait(r"^job \d+ 'endless'")
    shared.type(control("C"))
    shared.wait_line(r"In \[%d\]:" % (number + 1))
    assert "KeyboardInterrupt" in shared.text()[shared.text().rindex("In [%d]" % number) :]
    assert shared.run("kept").endswith("'still here'")
    if "execute" in code:
        assert "RUNNING" not in shared.run("%jobs")


def test_interrupt_at_the_prompt_drops_the_block(shared):
    number = shared.wait_prompt()
    shared.type("def f():" + ENTER)
    shared.wait_line(r" +\.\.\.:")
    shared.type("x" + control("C"))
    shared.wait_line(r"In \[%d\]:" % number)


def test_resize(shared):
    shared.wait_prompt()
    shared.type("'" + "x" * 60)
    shared.wait_line(r"In .*x{60}")
    shared.screen.resize(30, 50)
    shared.process.setwinsize(30, 50)
    shared.type("yz'")
    shared.wait(r"yz'")
    shared.type(ENTER)
    shared.wait(r"Out\[\d+\]: 'x+")
    shared.screen.resize(30, 100)
    shared.process.setwinsize(30, 100)
    assert shared.run("import os; os.get_terminal_size().columns").endswith("100")


# -- processes of their own ------------------------------------------------------------------------


def test_banner_and_end(start):
    shell = start()
    shell.wait(r"^pyflink-shell \d.* Flink 1\.20\.\d+, Python 3\.\d+\.\d+, Java \d+")
    shell.wait(r"%jobs lists")
    shell.wait_prompt()
    shell.type(control("D"))
    assert shell.end() == 0


def test_local_startup_file_history_and_no_colors(start, home):
    (home / "start.py").write_text("from_start = 'started'\nprint('start file ran')\n")
    more = {"NO_COLOR": "1", "PYTHONSTARTUP": "start.py", "PYFLINK_SHELL_HISTORY": str(home / "h")}
    first = start("local", "--no-banner", **more)
    second = start("--no-banner", **more)
    for shell in (first, second):
        assert shell.run("from_start").endswith("'started'")
        assert "start file ran" in shell.text() and "pyflink-shell 0" not in shell.text()
        assert not re.search(rb"\x1b\[[\d;]*m", shell.raw)
    first.run("in_the_first = 1")
    second.run("in_the_second = 2")
    first.type(control("D"))
    second.type("exit" + ENTER)
    assert first.end() == 0 and second.end() == 0
    third = start("--no-banner", **more, PYFLINK_SHELL_HISTSIZE="50")
    third.wait_prompt()
    for word in ("in_the_first", "in_the_second"):
        third.type(control("R") + word)
        third.wait_line(r"\(reverse-i-search\).*%s = .*" % word)
        third.type(control("G"))
        third.wait_prompt()
    assert os.stat(home / "h").st_mode & 0o777 == 0o600
    assert "In [1]" in third.text()


def test_vi_mode_and_inputrc(start, home):
    inputrc = 'set editing-mode vi\n$if pyflink-shell\n"\\C-t": "40 + "\n$endif\n'
    (home / "inputrc").write_text(inputrc)
    shell = start("--no-banner", INPUTRC=str(home / "inputrc"))
    shell.wait_prompt()
    shell.type("x1" + "\x1b" + "0x" + "A" + "000" + ENTER)  # command mode: delete the x, append
    shell.wait(r"Out\[1\]: 1000")
    shell.wait_prompt()
    shell.type(control("T") + "2" + ENTER)
    shell.wait(r"Out\[2\]: 42")


def test_dumb_terminal(start):
    shell = start("--no-banner", TERM="dumb")
    assert shell.run("1 + 1").endswith("2")
    assert b"\x1b[3" not in shell.raw
    shown = shell.run("undefined_name")
    assert "NameError" in shown


def test_stop_and_continue(start):
    """Ctrl-Z gives the terminal back to a shell with job control, and fg continues."""
    shell = start("--norc", "-i", program="/bin/bash", PS1="ready$ ")
    shell.wait_line(r"ready\$")
    shell.type(shlex.quote(str(SHELL)) + " --no-banner" + ENTER)
    shell.wait_prompt()
    shell.type("half_typed")
    shell.wait_line(r"In \[1\]: half_typed")
    shell.type(control("Z"))
    shell.wait(r"Stopped")
    shell.wait_line(r"ready\$")
    shell.type("stty -a | grep -o ' icanon'; fg" + ENTER)
    shell.wait(r"^ icanon")
    shell.wait_line(r"In \[1\]: half_typed")
    shell.type(" = 5" + ENTER)
    shell.run("half_typed")
    shell.type("import time; time.sleep(600)" + ENTER)
    shell.wait(r"sleep\(600\)")
    shell.type(control("Z"))
    shell.wait_line(r"ready\$")
    shell.type("fg" + ENTER)
    shell.wait_until(lambda: shell.line() != "ready$", "the shell in front")
    while "KeyboardInterrupt" not in shell.text():
        shell.type(control("C"))
        shell._pump(0.5)
    assert shell.run("half_typed").endswith("5")


def test_interactive_after_a_script(start, home):
    (home / "script.py").write_text(
        "import sys\nfrom pyflink.datastream import StreamExecutionEnvironment\n"
        "made = [__name__, sys.argv[1:]]\nif 'fail' in sys.argv: 1 / 0\n"
    )
    shell = start("--no-banner", "-i", "-f", "script.py", "a", "b")
    assert shell.run("made").endswith("['__main__', ['a', 'b']]")
    shell.type(control("D"))
    assert shell.end() == 0
    shell = start("--no-banner", "-i", "-f", "script.py", "fail")
    assert "made" in shell.run("list(n for n in dir() if n == 'made')")
    text = shell.text()
    assert 'File "script.py", line 4' in text and "ZeroDivisionError" in text
    assert "_pyflink_session" not in text


def test_random_keys_do_not_end_it(start):
    import random

    shell = start("--no-banner")
    shell.wait_prompt()
    rng = random.Random(7)
    for _ in range(30):
        keys = bytes(rng.choice([*range(1, 3), *range(5, 26), *range(32, 256)]) for _ in range(40))
        keys = keys.replace(b"\r", b"").replace(b"\n", b"").replace(b"!", b"")
        shell.process.send(keys)
        shell._pump(0.02)
    while not re.fullmatch(r"In \[\d+\]:", shell.line()):
        shell.type(control("G") + control("C"))
        end = time.monotonic() + 1
        shell.wait_until(lambda end=end: time.monotonic() > end, "a second")
    assert shell.run("40 + 2").endswith("42")


def test_bytes_that_are_no_text(start):
    shell = start("--no-banner")
    shell.wait_prompt()
    shell.process.send(b"x = '\xff'\r")
    shell.wait(r"In \[2\]:")
    assert shell.run("ord(x)").endswith("65533")
