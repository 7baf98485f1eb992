"""Machines that the tests of a file share: to start them takes three seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.machines import Machines


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    """A scheduler and two workers."""
    with Machines(2) as running:
        yield running
