"""Representative programs under -Xcheck:jni: no warning and no fatal error from our native code."""
from __future__ import annotations

import re

import corpus
import pytest
from runner import Shell

PROGRAMS = ["word_count_words", "gateway", "gateway_stream", "user_exception", "types_rows",
            "execute_and_collect", "types_keys_untyped", "batch_reduce"]

# What HotSpot says of the JDK's own libraries, or of itself.
NOT_OURS = re.compile(r"libnet|libnio|libjava|libzip|libinstrument|libmanagement|Xcheck:jni is")


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_warning(shell: Shell, name: str) -> None:
    program = next(p for p in corpus.programs() if p.name == name)
    done = shell.run("-f", program.path, *program.args,
                     env={"PYFLINK_SHELL_JVM_OPTS": "-Xcheck:jni"}, timeout=240).ok()
    lines = (done.stdout + done.stderr).splitlines()
    said = [line for line in lines if re.search(r"\bWARNING\b|FATAL ERROR|JNI", line)
            and not NOT_OURS.search(line)]
    assert said == []
