"""Python's side of the newsdesk: commands to php/desk.php, answers back."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .daemons import BedError, program

PHP = Path(__file__).parent / "php"
Command = Mapping[str, Any]
Answer = dict[str, Any]


def perform(folder: Path, commands: Iterable[Command]) -> list[Answer]:
    """Have WordPress do the commands in one transaction; one answer each.

    The verbs and their keys are written at the functions of php/verbs.php:

        perform(folder, [{"do": "trash", "id": 17}])
    """
    lines = "\n".join(json.dumps(command, ensure_ascii=False) for command in commands)
    if not lines:
        return []
    # PHP 8.2 has deprecations to tell about WordPress 6.1: not on stdout.
    settings = [
        "-d",
        "display_errors=stderr",
        "-d",
        "memory_limit=1G",
        "-d",
        "error_reporting=22527",
    ]
    done = subprocess.run(
        [program("php8.2"), *settings, str(PHP / "desk.php"), str(folder / "site")],
        input=lines,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise BedError(f"the newsdesk failed: {(done.stderr or done.stdout)[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]
