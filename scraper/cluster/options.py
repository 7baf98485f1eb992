"""The options --cluster and --pin: with them a command runs over many machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from archive.errors import UsageError

Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """Where tasks run: the workers of the scheduler at `address`. With `pin` a site runs only where
    a worker offers a resource with its name."""

    address: str
    pin: bool = False


def cluster_options(over: str) -> Callable[[Command], Command]:
    """Add --cluster and --pin to a command. With --cluster the function `over` is called in its
    place, with a ClusterPlace before the values of all other options.

    @cluster_options("scraper.cluster.commands.checking:check_over")
    """

    def add(command: Command) -> Command:
        @click.option(
            "--cluster",
            metavar="ADDRESS",
            help="Let the workers of Dask's scheduler at ADDRESS do it, such as tcp://head:8786.",
        )
        @click.option(
            "--pin", is_flag=True, help="With --cluster: each site where a worker says it lies."
        )
        @wraps(command)
        def call(cluster: str | None, pin: bool, **values: Any) -> None:
            if cluster:
                _require_seen_by_all(values["folder"])
                module, _, function = over.partition(":")
                getattr(import_module(module), function)(ClusterPlace(cluster, pin), **values)
                return
            if pin:
                raise UsageError("--pin is for --cluster ADDRESS: one machine has all sites.")
            command(**values)

        return call

    return add


def _require_seen_by_all(folder: Path) -> None:
    # Needed only here: it takes its time.
    from archive.storage.mirror import is_mirror

    if is_mirror(folder):
        raise UsageError(
            "-C s3://… reads an archive through a copy on this machine, which the workers do not"
            " see. Leave --cluster out, or give the archive's own folder, on a disk that all share."
        )
