"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.errors import UsageError
from archive.times.days import read_days
from scraper.console.progress import growing_bar
from scraper.console.terminal import QUIET

Command = TypeVar("Command", bound=Callable[..., Any])

_SPAN = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Span(click.ParamType[float]):
    """A length of time such as `90m` or `6h`, in seconds."""

    name = "span"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        found = _SPAN.fullmatch(str(value))
        if not found:
            self.fail(f"'{value}' is no length of time; write 90m, 6h or 30s.", param, ctx)
        return float(found[1]) * _SECONDS[found[2]]


class Day(click.ParamType[date]):
    """A day in Iran in either calendar (`2026-11-22`, `1405-09-01`, `1405/09/01`). Of a whole month
    or year (`1405-09`, `1405`) it is the first day, or with `last` the last one."""

    name = "date"

    def __init__(self, *, last: bool = False) -> None:
        self._last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            days = read_days(str(value))
        except ValueError:
            self.fail(
                f"'{value}' is no day; write 2026-11-22 or 1405-09-01. 1405-09 and 1405 are a"
                " whole month and a whole year.",
                param,
                ctx,
            )
        return days.last if self._last else days.first


def _given(ctx: click.Context, value: str | None) -> str:
    return value or ctx.find_root().params.get("folder") or "."


def _folder(ctx: click.Context, param: click.Parameter, value: str | None) -> Path:
    given = _given(ctx, value)
    if "://" in given and not ctx.resilient_parsing:
        raise UsageError(
            f"baygan {ctx.info_name} needs an archive on this disk. One in a store can be read with"
            " show, diff, export, search, count, copies, report, status and rebuild --dry-run."
        )
    return Path(given)


def _folder_or_store(ctx: click.Context, param: click.Parameter, value: str | None) -> Path:
    given = _given(ctx, value)
    if "://" not in given or ctx.resilient_parsing:
        return Path(given)
    from archive.storage.address import store_address
    from archive.storage.mirror import mirrored

    address = store_address(given)
    with growing_bar(f"reading {address}", in_bytes=True) as bar:
        return mirrored(address, bar.step)


def archive_option(command: Command) -> Command:
    """Add the option -C/--archive; the command gets it as `folder`."""
    return click.option(
        "-C",
        "--archive",
        "folder",
        metavar="DIR",
        envvar="BAYGAN_ARCHIVE",
        callback=_folder,
        help="The archive to use, if not this folder.",
    )(command)


def reading_option(command: Command) -> Command:
    """As `archive_option`, for a command that only reads: the archive may be in a store, and then
    `folder` is what was fetched of it."""
    return click.option(
        "-C",
        "--archive",
        "folder",
        metavar="DIR|URL",
        envvar="BAYGAN_ARCHIVE",
        callback=_folder_or_store,
        help="The archive to use, if not this folder; or s3://BUCKET/PREFIX.",
    )(command)


def _be_quiet(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[QUIET] = True


def quiet_option(command: Command) -> Command:
    """Add the option -q/--quiet: no bars and no sentences on a terminal either."""
    return click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_be_quiet,
        help="Print only errors.",
    )(command)
