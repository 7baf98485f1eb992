"""Work in steps, and beside the loop: what a site names by the hundred thousand, or in one answer
of many megabytes, must not hold up all other sites.

    up to 64 KiB    read at once
    up to 2 MiB     in a thread, which shares the interpreter with the loop: in company only up to
                    512 KiB
    more            in a child, with limits of time and memory (`BESIDE`)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextvars import ContextVar
from time import monotonic
from typing import Any, Protocol, TypeVar

from archive.errors import BayganError

T = TypeVar("T")
STEP = 200
"""Addresses taken at a time, at most."""
_FIRST = 20
_HELD = 0.008
"""Seconds that a step may take. What another site does for one request is done in a dozen turns of
the loop, and a step may come between any two of them."""
LARGE = 2 * 1024 * 1024
"""Bytes of a listing; what is larger is read in a child."""
_SMALL = 64 * 1024
_SHARED = 512 * 1024


class Beside(Protocol):
    """Does `work` (a function at the top of a module) beside the loop, so that other sites go on.
    BayganError if it took too long or failed."""

    async def __call__(self, work: Callable[..., T], *arguments: Any) -> T: ...


async def in_a_thread(work: Callable[..., T], *arguments: Any) -> T:
    """`work` in a thread, without limits: for who has no children."""
    return await asyncio.to_thread(work, *arguments)


BESIDE: ContextVar[Beside] = ContextVar("BESIDE", default=in_a_thread)
"""Does the heavy work of the site whose discovery runs."""


class TooHeavy(BayganError):
    """The answer could not be read within the limits of time and memory."""


IN_COMPANY: ContextVar[bool] = ContextVar("IN_COMPANY", default=False)
"""Whether other sites are crawled in the same run."""


class _Loop:
    """When the next step may begin, of any site: `free_at` by time.monotonic."""

    free_at = 0.0


async def steps(items: Sequence[T]) -> AsyncIterator[Sequence[T]]:
    """`items`, as many at a time as can be taken in a hundredth of a second. In company one site
    takes a step at a time, and behind it the loop is free for half as long as the step took."""
    start, size = 0, _FIRST
    while start < len(items):
        while IN_COMPANY.get() and (wait := _Loop.free_at - monotonic()) > 0:
            await asyncio.sleep(wait)
        begun = monotonic()
        _Loop.free_at = begun + 2 * _HELD
        yield items[start : start + size]
        ended = monotonic()
        held = min(ended - begun, 10 * _HELD)
        _Loop.free_at = ended + held / 2
        start += size
        if held > _HELD:
            size = max(1, size // 2)
        elif held < _HELD / 2:
            size = min(STEP, size * 2)
        await asyncio.sleep(0)


async def aside(work: Callable[..., T], body: bytes, *arguments: object, packed: bool = False) -> T:
    """What `work` (a function at the top of a module) makes of `body` and the `arguments`; its
    ValueError if it raises one, TooHeavy if it cannot be done. A `packed` body may be larger than
    it looks."""
    if not packed and len(body) <= _SMALL:
        return work(body, *arguments)
    if not packed and len(body) <= (_SHARED if IN_COMPANY.get() else LARGE):
        return await asyncio.to_thread(work, body, *arguments)
    found: T | ValueError
    try:
        found = await BESIDE.get()(_attempt, work, body, *arguments)
    except BayganError as error:
        raise TooHeavy(f"it takes too long to read or too much memory ({error})") from error
    if isinstance(found, ValueError):
        raise found
    return found


def _attempt(work: Callable[..., T], *arguments: object) -> T | ValueError:
    """In the child, where an error of any kind would be one of the child."""
    try:
        return work(*arguments)
    except ValueError as error:
        return error
