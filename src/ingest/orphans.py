"""Child processes that do not outlive their parent."""

from __future__ import annotations

import fcntl
import os
from multiprocessing import parent_process


def die_with_parent() -> None:
    """Have the kernel end this child process of multiprocessing the moment its parent is gone, whatever it is doing.

    The parent holds the other end of a pipe. Linux sends SIGIO when that is closed, and SIGIO ends a process that does
    not handle it, also within a library that never looks at signals or lets another thread run. (PR_SET_PDEATHSIG would
    watch the fork server, which lives as long as its children.) Elsewhere the pool's own watch ends it seconds later.
    """
    parent = parent_process()
    if parent is None or not hasattr(os, "O_ASYNC"):
        return
    pipe = parent.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if not parent.is_alive():  # it went before it was watched
        os._exit(1)
