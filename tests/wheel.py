"""What a wheel and a source distribution must have, and must not: `python -m tests.wheel FILE…`.

It needs nothing but Python, as it is run before anything is installed.
"""

from __future__ import annotations

import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

REPOSITORY = Path(__file__).parent.parent
FLOORS = ("archive", "spiders", "scraper")
KINDS = {".py", ".toml", ".json", ".html", ".typed"}
_META = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt", "LICENSE")


def needed() -> set[str]:
    """The files that a user needs: all of the three packages, and the manual."""
    code = {
        str(path.relative_to(REPOSITORY))
        for floor in FLOORS
        for path in (REPOSITORY / floor).rglob("*")
        if path.suffix in KINDS
    }
    return code | {f"docs/man/{path.name}" for path in (REPOSITORY / "docs" / "man").glob("*.1")}


def wrong(names: Iterable[str]) -> list[str]:
    """A sentence for each file that `names`, those of a wheel, lack or should not have. Files of
    `share/man/man1` in it are those of docs/man."""
    held, strange = set(), []
    for name in names:
        path = PurePosixPath(name)
        if path.parts[0].endswith(".data") and path.parts[1:4] == ("data", "share", "man"):
            held.add(f"docs/man/{path.name}")
        elif path.parts[0] in FLOORS:
            held.add(name)
        elif not (path.parts[0].endswith(".dist-info") and path.name in _META):
            strange.append(name)
    told = [f"{name} is missing" for name in sorted(needed() - held)]
    return told + [f"{name} is too much" for name in sorted({*strange, *(held - needed())})]


def wrong_source(names: Iterable[str]) -> list[str]:
    """The same of a source distribution, whose first folder is left out. Tests and benchmarks are
    not in it: they need a checkout."""
    inner = {name.partition("/")[2] for name in names}
    told = [f"{name} is missing" for name in sorted(needed() - inner)]
    return told + [
        f"{name} is too much"
        for name in sorted(inner)
        if name.partition("/")[0] in ("tests", "benchmarks", "scripts", ".ci")
    ]


def main(files: list[str]) -> int:
    """Print what is wrong with each of `files`; 1 if anything is."""
    told = []
    for file in files:
        if file.endswith(".whl"):
            with zipfile.ZipFile(file) as wheel:
                told += [f"{file}: {what}" for what in wrong(wheel.namelist())]
        else:
            with tarfile.open(file) as source:
                inside = [member.name for member in source if member.isfile()]
            told += [f"{file}: {what}" for what in wrong_source(inside)]
    print("\n".join(told), end="\n" if told else "")
    return bool(told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
