"""What a Jupyter kernel adds to a session: parent headers, comms, pages and a debugger.

pyflink-kernel gives more than Jupyter's contents to some requests of the session: `execute` has
`parent_header`, comm messages and `debug` come as `{"header": …, "metadata": …, "content": …}`.
"""

from __future__ import annotations

from typing import Any


def extend(session: Any) -> None:
    """Make a session that of a kernel.

    :param session: the `_pyflink_session.requests.Session`.
    """
    from _pyflink_kernel.kernel import Kernel

    Kernel(session)
