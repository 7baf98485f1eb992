"""What may reach a terminal or a log: text of pages without its control characters.

A page's title can hold escape sequences that rewrite the screen, line ends that forge log
lines, and bidi controls that turn text round.
"""

from __future__ import annotations

import re
import sys

import click

# C0 and C1 controls and DEL but for tab and newline; bidi embeddings, overrides, isolates.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def safe_text(text: str) -> str:
    """`text` without control characters; half-spaces, tabs and newlines stay."""
    return _CONTROLS.sub("", text)


def safe_line(text: str) -> str:
    """`text` as one line that cannot be taken for two."""
    return safe_text(" ".join(text.split("\n")))


def tell(text: str) -> None:
    """Say something on stderr if somebody is looking; cron gets not one byte."""
    if sys.stderr.isatty():
        click.echo(safe_text(text), err=True)


def tell_error(text: str) -> None:
    """An error: what happened, what is safe, what to type next."""
    click.echo(f"Error: {safe_line(text)}", err=True)
