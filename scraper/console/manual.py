"""The manual pages, made from the same help that `--help` prints: a page for each command.

The format is the `man` macros of roff (groff_man(7)). `python -m tests.manual` writes the pages to
docs/man, from where an installed baygan brings them to share/man.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

import click

from archive.version import __version__

_FILES = """\
.TP
.I sites.toml
The sites of the archive: the only file to edit.
.TP
.I logs/
The log of each day."""


def pages(group: click.Group) -> dict[str, str]:
    """The pages of `group` and its commands, by the names of their files.

    >>> sorted(pages(baygan))[:2]
    ['baygan-add.1', 'baygan-check.1']
    """
    # -h, too, is an option of every command.
    settings: dict[str, Any] = {**group.context_settings, "terminal_width": 78}
    top = click.Context(group, info_name="baygan", **settings)
    made = {}
    names = group.list_commands(top)
    for name in names:
        command = group.get_command(top, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=top, **settings)
        made[f"baygan-{name}.1"] = _page(f"baygan-{name}", command, context, ("baygan",))
    made["baygan.1"] = _page("baygan", group, top, tuple(f"baygan-{name}" for name in names))
    return made


def _page(title: str, command: click.Command, context: click.Context, also: tuple[str, ...]) -> str:
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [
        f'.TH {_escaped(title.upper())} 1 "" "baygan {__version__}" "baygan"',
        ".SH NAME",
        f"{_escaped(title)} \\- {_escaped(command.get_short_help_str(200).rstrip('.'))}",
        ".SH SYNOPSIS",
        f".B {_escaped(title.replace('-', ' ', 1))}",
        _escaped(usage),
        ".SH DESCRIPTION",
        _prose(inspect.cleandoc(command.help or "")),
    ]
    if isinstance(command, click.Group):
        parts.append(".SH COMMANDS")
        for name in command.list_commands(context):
            one = command.get_command(context, name)
            assert one is not None
            told = _escaped(one.get_short_help_str(200))
            parts += [".TP", f".BR baygan\\-{_escaped(name)} (1)", told]
    parts.append(".SH OPTIONS")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        # Arguments are in the synopsis, and explained by the description.
        if record and isinstance(parameter, click.Option):
            parts += [".TP", f".B {_escaped(record[0])}", _escaped(record[1])]
    if command.epilog:
        heading, _, codes = inspect.cleandoc(command.epilog).partition(":\n")
        parts += [f".SH {_escaped(heading.strip(chr(8)).strip().upper())}", ".nf"]
        parts += [*map(_escaped, codes.split("\n")), ".fi"]
    parts += [".SH FILES", _FILES, ".SH SEE ALSO"]
    parts.append(",\n".join(f".BR {_escaped(name)} (1)" for name in also))
    return "\n".join(parts) + "\n"


def _prose(text: str) -> str:
    """Paragraphs; those that begin with click's mark \\b keep their lines."""
    made = []
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith("\b"):
            lines = paragraph.split("\n")[1:]
            made.append("\n".join([".PP", ".nf", *map(_escaped, lines), ".fi"]))
        else:
            made.append(".PP\n" + "\n".join(_escaped(line) for line in paragraph.split("\n")))
    return "\n".join(made)


def _escaped(text: str) -> str:
    """Text that roff prints as it is: no escapes, no requests, hyphens that can be copied. What is
    not ASCII is named by its code point, whatever the reader's locale is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in text)
    return f"\\&{text}" if text[:1] in (".", "'") else text
