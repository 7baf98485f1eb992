"""layout.json: whether it is as it was written, and has what the lines name."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path

from archive.check.finding import Finding
from archive.epochs import Epochs, read_epochs
from archive.layout import EPOCHS


def untaught(site_folder: Path, named: Set[str]) -> Iterator[Finding]:
    """What is wrong with the file of a site whose lines were made with the layouts `named`, by
    their digests."""
    found = read_epochs(site_folder)
    if found == Epochs() and (site_folder / EPOCHS).exists():
        yield Finding(EPOCHS, None, "cannot be read; the next crawl learns it anew", damage=False)
        return
    missing = named - {epoch.digest for epoch in found.epochs}
    if missing:
        what = (
            f"lines were made with {len(missing)} layouts that are not in it: {min(missing)} …;"
            " make them anew with: baygan rebuild"
        )
        yield Finding(EPOCHS, None, what, damage=False)
