"""Text of pages for a terminal or a log, without control characters.

A page's title can hold escape sequences that rewrite the screen, line ends that forge log lines,
and bidi controls that reverse text.
"""

from __future__ import annotations

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


def tell(text: str) -> None:
    """Print `text` on stderr if that is a terminal; cron gets nothing."""
    if sys.stderr.isatty():
        click.echo(safe_text(text), err=True)


def tell_error(text: str) -> None:
    """Print an error on stderr: what happened, what is safe, what to type next."""
    click.echo(f"Error: {safe_line(text)}", err=True)
