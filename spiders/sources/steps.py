"""Work in steps: what a site names by the hundred thousand must not hold up all other sites."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
STEP = 200
"""Addresses taken at a time: the index needs about a tenth of a millisecond for each."""
_SMALL = 64 * 1024


async def steps(items: Sequence[T]) -> AsyncIterator[Sequence[T]]:
    """`items`, STEP at a time; between two steps others have their turn."""
    for start in range(0, len(items), STEP):
        yield items[start : start + STEP]
        await asyncio.sleep(0)


async def aside(work: Callable[..., T], body: bytes, *arguments: object) -> T:
    """What `work` makes of `body` and the `arguments`: at once if it is small, else in a thread."""
    if len(body) <= _SMALL:
        return work(body, *arguments)
    return await asyncio.to_thread(work, body, *arguments)
