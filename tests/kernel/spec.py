"""Jupyter's messages, field by field: what the kernel may send, and nothing else.

From the messaging specification, version 5.5 (https://jupyter-client.readthedocs.io/messaging).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]


def one_of(*values: Any) -> Check:
    return lambda value: value in values


def of(kind: Any) -> Check:
    return lambda value: isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def dict_of(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(
        isinstance(key, str) and check(item) for key, item in value.items()
    )


def record(**fields: Check) -> Check:
    """A dict with exactly these fields."""
    return lambda value: (
        isinstance(value, dict)
        and set(value) == set(fields)
        and all(check(value[name]) for name, check in fields.items())
    )


text, number, flag = of(str), of(int), of(bool)
any_dict = of(dict)
bundle = dict_of(lambda value: value is not None)
version = re.compile(r"\d+\.\d+(\.\d+)?").fullmatch

ERROR = {"ename": text, "evalue": text, "traceback": list_of(text)}


def is_history(value: Any) -> bool:
    return list_of(
        lambda row: isinstance(row, list)
        and len(row) == 3
        and number(row[0])
        and number(row[1])
        and (text(row[2]) or (isinstance(row[2], list) and len(row[2]) == 2))
    )(value)


LANGUAGE = record(
    name=one_of("python"), version=version, mimetype=one_of("text/x-python"),
    file_extension=one_of(".py"), pygments_lexer=text,
    codemirror_mode=record(name=text, version=number), nbconvert_exporter=text,
)  # fmt: skip
RESULT = {"data": bundle, "metadata": any_dict}
DISPLAY = {**RESULT, "transient": any_dict}
DEBUG = {"type": one_of("response"), "seq": number, "request_seq": number, "command": text,
         "success": flag}  # fmt: skip

# Content by message type. A reply of several kinds is a list.
CONTENT: dict[str, Any] = {
    "status": {"execution_state": one_of("busy", "idle", "starting")},
    "iopub_welcome": {"subscription": text},
    "execute_input": {"code": text, "execution_count": number},
    "execute_result": {**RESULT, "execution_count": number},
    "stream": {"name": one_of("stdout", "stderr"), "text": lambda value: text(value) and value},
    "display_data": DISPLAY,
    "update_display_data": DISPLAY,
    "clear_output": {"wait": flag},
    "error": ERROR,
    "comm_open": {"comm_id": text, "target_name": text, "data": any_dict},
    "comm_msg": {"comm_id": text, "data": any_dict},
    "comm_close": {"comm_id": text, "data": any_dict},
    "input_request": {"prompt": text, "password": flag},
    "execute_reply": [
        {"status": one_of("ok"), "execution_count": number, "payload": list_of(any_dict),
         "user_expressions": any_dict},
        {"status": one_of("error"), "execution_count": number, "payload": list_of(any_dict),
         **ERROR},
        {"status": one_of("aborted"), "execution_count": number},
    ],
    "complete_reply": {"status": one_of("ok"), "matches": list_of(text), "cursor_start": number,
                       "cursor_end": number, "metadata": any_dict},
    "inspect_reply": {"status": one_of("ok"), "found": flag, "data": bundle, "metadata": any_dict},
    "history_reply": {"status": one_of("ok"), "history": is_history},
    "is_complete_reply": [
        {"status": one_of("complete", "invalid", "unknown")},
        {"status": one_of("incomplete"), "indent": text},
    ],
    "comm_info_reply": {"status": one_of("ok"), "comms": dict_of(record(target_name=text))},
    "connect_reply": {"status": one_of("ok"), "shell_port": number, "iopub_port": number,
                      "stdin_port": number, "control_port": number, "hb_port": number},
    "kernel_info_reply": {
        "status": one_of("ok"), "protocol_version": version, "implementation": text,
        "implementation_version": version, "language_info": LANGUAGE, "banner": text,
        "debugger": flag, "supported_features": list_of(one_of("debugger", "kernel subshells")),
        "help_links": list_of(record(text=text, url=text)),
    },
    "shutdown_reply": {"status": one_of("ok"), "restart": flag},
    "interrupt_reply": {"status": one_of("ok")},
    "create_subshell_reply": {"status": one_of("ok"), "subshell_id": text},
    "delete_subshell_reply": {"status": one_of("ok")},
    "list_subshell_reply": {"status": one_of("ok"), "subshell_id": list_of(text)},
    "debug_reply": [{**DEBUG, "body": any_dict}, DEBUG, {**DEBUG, "message": text},
                    {**DEBUG, "message": text, "body": any_dict}],
    "debug_event": [{"type": one_of("event"), "seq": number, "event": text, "body": any_dict},
                    {"type": one_of("event"), "seq": number, "event": text}],
}  # fmt: skip

HEADER = {
    "msg_id": lambda value: text(value) and value,
    "session": lambda value: text(value) and value,
    "username": lambda value: text(value) and value,
    "msg_type": lambda value: value in CONTENT,
    "version": version,
    "date": lambda value: isinstance(value, datetime.datetime) and value.tzinfo is not None,
}


def problems(value: Any, fields: dict[str, Check]) -> list[str]:
    """What is wrong with a dict that should have exactly these fields."""
    found = [f"no {name}" for name in fields if name not in value]
    found += [f"{name} is not specified" for name in value if name not in fields]
    found += [
        f"{name} = {value[name]!r}"
        for name, check in fields.items()
        if name in value and not check(value[name])
    ]
    return found


def check(message: dict[str, Any], error: bool = False) -> dict[str, Any]:
    """The message itself, when every field is as specified.

    :param error: the reply to a request that cannot be fulfilled.
    """
    kind = message["header"]["msg_type"]
    assert not problems(message["header"], HEADER), (kind, problems(message["header"], HEADER))
    assert isinstance(message["parent_header"], dict)
    assert isinstance(message["metadata"], dict)
    wanted = CONTENT[kind]
    if error:
        plain = {"status": one_of("error"), **ERROR}
        wanted = [plain]
        if kind == "execute_reply":
            wanted.append({**plain, "execution_count": number})
    kinds = wanted if isinstance(wanted, list) else [wanted]
    wrong = [problems(message["content"], fields) for fields in kinds]
    assert [] in wrong, (kind, wrong, message["content"])
    return message
