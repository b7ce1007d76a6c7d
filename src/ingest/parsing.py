"""Parser processes: every page is read in one that can be killed, with a deadline a page."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
from collections.abc import Callable
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

P = ParamSpec("P")
T = TypeVar("T")


class ParserDied(Exception):
    """A page has cost its parser. kind: parse_timeout, parser_crashed or parser_error."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def settle_in() -> None:
    """Make garbage collection rare in a process that builds and drops one tree a page; it took a fifth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


class ParserPool:
    """A pool of parser processes. A page that takes too long costs its process, and no other page."""

    def __init__(self, processes: int, seconds: float) -> None:
        self._seconds = seconds
        context: Any = multiprocessing.get_context("forkserver")
        self._pool = ProcessPool(max_workers=processes, initializer=settle_in, context=context)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result, from a parser process. Raises ParserDied where it gave none."""
        future = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=self._seconds)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise ParserDied("parse_timeout", f"The parser was still reading after {self._seconds:g} s.") from error
        except ProcessExpired as error:
            raise ParserDied("parser_crashed", f"The parser's process died (exit code {error.exitcode}).") from error
        except Exception as error:  # a page that its parser can't cope with fails alone, whatever was raised
            raise ParserDied("parser_error", f"The parser raised {type(error).__name__}: {error}") from error

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
