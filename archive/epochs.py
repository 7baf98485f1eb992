"""layout.json: what a site's own pages taught, and which pages it holds for.

    {"until": "khabar-20261122T003004123Z-4f1c09ab",
     "epochs": [{"after": null, "begin": {"file": …, "offset": …}, "pages": 100,
                 "digest": "0c2d…", "layout": {…}}]}

An epoch holds for the pages of the runs that began after the run `after` (null: of all), up to the
next epoch. It was learnt from so many `pages`, the first of them at `begin`. `layout` is null where
they had nothing in common. `until` is the last run whose captures were looked at for a new epoch.
All of it comes from the WARC files alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from archive.errors import FolderError
from archive.files.append_file import AppendFile, sync_folder
from archive.layout import EPOCHS, run_order
from archive.record_place import RecordPlace

_PART = ".part"


@dataclass(frozen=True, slots=True)
class Epoch:
    """What holds for the runs after the run `after`; `layout` is JSON in its canonical form."""

    after: str | None
    begin: RecordPlace
    pages: int
    layout: str | None

    @property
    def digest(self) -> str | None:
        """The digits by which a line's `extractor` names it; None without a layout."""
        return digest_of(self.layout) if self.layout else None

    def holds_for(self, run: str) -> bool:
        """Whether pages that `run` captured may be of this epoch."""
        return self.after is None or run_order(self.after) < run_order(run)


@dataclass(frozen=True, slots=True)
class Epochs:
    """All of a site's epochs, the oldest first, and the run they were looked for `until`."""

    epochs: tuple[Epoch, ...] = ()
    until: str | None = None

    @property
    def several(self) -> bool:
        """Whether not all pages are cleaned with the same layout, or all with none."""
        digests = {epoch.digest for epoch in self.epochs}
        return len(digests) > 1 or any(epoch.after for epoch in self.epochs[:1])

    def of(self, run: str) -> Epoch | None:
        """The epoch of the pages that `run` captured."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.holds_for(run)), None)


def canonical(layout: Mapping[str, Any]) -> str:
    """A layout as JSON, the same for the same layout."""
    return json.dumps(layout, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=64)
def digest_of(layout: str) -> str:
    """Twelve digits by which canonical layouts are told apart."""
    return hashlib.sha256(layout.encode()).hexdigest()[:12]


def read_epochs(site_folder: Path) -> Epochs:
    """The epochs that stand in a site's folder; none if there is no file that can be read: what is
    in it is learnt anew."""
    try:
        found = json.loads((site_folder / EPOCHS).read_bytes())
        return Epochs(tuple(map(_epoch, found["epochs"])), found["until"])
    except (OSError, ValueError, KeyError, TypeError):
        return Epochs()


def write_epochs(folder: Path, epochs: Epochs) -> None:
    """Write the file durably into `folder`, in one step; WriteFailed if the disk refuses."""
    written = {
        "until": epochs.until,
        "epochs": [
            {
                "after": epoch.after,
                "begin": {"file": epoch.begin.file, "offset": epoch.begin.offset},
                "pages": epoch.pages,
                "digest": epoch.digest,
                "layout": json.loads(epoch.layout) if epoch.layout else None,
            }
            for epoch in epochs.epochs
        ],
    }
    path = folder / EPOCHS
    part = path.with_name(EPOCHS + _PART)
    part.unlink(missing_ok=True)
    with AppendFile(part, new=True) as file:
        file.write(json.dumps(written, ensure_ascii=False, indent=1).encode() + b"\n")
        file.sync()
    try:
        part.replace(path)
        sync_folder(folder)
    except OSError as error:
        raise FolderError(f"cannot write {path}: {error.strerror}.") from None


def _epoch(found: dict[str, Any]) -> Epoch:
    begin, layout = found["begin"], found["layout"]
    place = RecordPlace(begin["file"], begin["offset"], 0)
    text = canonical(layout) if layout else None
    epoch = Epoch(found["after"], place, found["pages"], text)
    if epoch.digest != found["digest"]:
        raise ValueError(f"the layout is not {found['digest']}")
    return epoch
