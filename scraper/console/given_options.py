"""The options that a person typed, as they would be typed again."""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterator

import click
from click.core import ParameterSource

HIDDEN = "…"
"""Stands for a value that is not to be told."""


def given_options(names: Container[str], hidden: Container[str] = ()) -> tuple[str, ...]:
    """Those of the command that runs now whose values it gets under one of `names`, in the order
    of its help: `--since 2025-07-23`, `--category اقتصاد`. Of those in `hidden` the values are not
    told."""
    context = click.get_current_context()
    return tuple(
        " ".join((option.opts[0], *value))
        for option in context.command.params
        if isinstance(option, click.Option)
        and option.name in names
        and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
        for value in _values(context.params[option.name], hide=option.name in hidden)
    )


def passed_options(leave: Container[str]) -> tuple[str, ...]:
    """The words of a command line that gives another baygan the options that were typed here, but
    for those whose values come under one of the names in `leave`."""
    context = click.get_current_context()
    names = {name for name in context.params if name not in leave}
    return tuple(word for typed in given_options(names) for word in shlex.split(typed))


def _values(given: object, *, hide: bool) -> Iterator[tuple[str, ...]]:
    """What stands behind the option, each time that it is given; nothing behind a flag."""
    for value in given if isinstance(given, tuple) else (given,):
        if isinstance(value, bool):
            yield ()
        else:
            yield (HIDDEN if hide else shlex.quote(str(value)),)
