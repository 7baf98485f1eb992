"""docs/cli.md, printed from the program's own help: `python -m tests.reference > docs/cli.md`."""

from __future__ import annotations

from typing import Any

import click

from scraper.cli import baygan

HEAD = """\
# The command line

Printed from `--help` by `python -m tests.reference`; a test compares.
Streams, silence and exit codes are the same for all commands:

* stdout carries data you asked for and nothing else. With no terminal on stderr and nothing wrong,
  nothing is written there either; the full log is in the archive's `logs/`.
* Output that cannot be written, to a full disk say, is an error (exit code 1); a reader that has
  gone, as in `baygan export | head`, ends a command without a word.
* An error says what happened, what is safe and what to type next.
* `-C DIR` may stand before or after the command; `BAYGAN_ARCHIVE` is the same in the environment.
* A SPAN is a number and `s`, `m`, `h` or `d`, as in `90m`. A DATE is `2026-11-22`, or by the Jalali
  calendar `1405-09-01` (a year below 1700 is Jalali).
"""


def reference() -> str:
    """The whole page: baygan's own help, then that of every command in the order of use."""
    # Click would ask the terminal how wide the screens may be.
    settings: dict[str, Any] = {**baygan.context_settings, "terminal_width": 78}
    top = click.Context(baygan, info_name="baygan", **settings)
    screens = [("baygan", baygan.get_help(top))]
    for name in baygan.list_commands(top):
        command = baygan.get_command(top, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=top, **settings)
        screens.append((f"baygan {name}", command.get_help(context)))
    return HEAD + "".join(f"\n## {name}\n\n```\n{text}\n```\n" for name, text in screens)


if __name__ == "__main__":
    print(reference(), end="")
