"""Text of pages for a terminal or a log, without control characters.

A page's title can hold escape sequences that rewrite the screen, line ends that forge log lines,
and bidi controls that reverse text.
"""

from __future__ import annotations

import os
import re
import sys

import click

# C0 and C1 controls (not tab and newline), DEL; bidi embeddings, overrides, isolates.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def safe_text(text: str) -> str:
    """`text` without control characters; half-spaces, tabs and newlines stay."""
    return _CONTROLS.sub("", text)


def safe_line(text: str) -> str:
    """`text` as a single line, without control characters."""
    return safe_text(" ".join(text.split("\n")))


def in_colour() -> bool:
    """Whether stdout is a terminal and NO_COLOR is not set (https://no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def echo_data(text: str, *, nl: bool = True) -> None:
    """Print what programs read. Into a pipe or a file it goes as it is; on a terminal its control
    characters are escaped as in JSON, where that changes nothing."""
    if sys.stdout.isatty():
        text = _CONTROLS.sub(_escape, text.replace("\r\n", "\n"))
    # Without `color` click takes what looks like an escape sequence out of a file or a pipe.
    click.echo(text, nl=nl, color=True)


def echo_raw(data: bytes) -> None:
    """Print bytes as the site sent them; on a terminal as `echo_data` would, and told to be so."""
    if not sys.stdout.isatty():
        sys.stdout.buffer.write(data)
        return
    echo_data(data.decode("utf-8", "replace"))
    tell("Control characters are escaped here; the bytes as they came go into a file: > FILE")


def _escape(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


QUIET = "baygan.quiet"
"""The key in click's `Context.meta` for --quiet."""


def is_quiet() -> bool:
    """Whether the command was asked for nothing but its output and errors."""
    context = click.get_current_context(silent=True)
    return context is not None and QUIET in context.meta


def tell(text: str) -> None:
    """Print `text` on stderr if that is a terminal and nobody asked for quiet; cron gets
    nothing."""
    if sys.stderr.isatty() and not is_quiet():
        click.echo(safe_text(text), err=True)


def tell_error(text: str) -> None:
    """Print an error on stderr: what happened, what is safe, what to type next."""
    click.echo(f"Error: {safe_line(text)}", err=True)
