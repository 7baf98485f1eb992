"""Death at every place a night passes, between its writes and inside them.

Every trial is a night in a process of its own that SIGKILL ends at a failpoint. What it had
acknowledged must be there, recovering twice must change nothing, and the night after it must
end with what an undisturbed one would have kept. A run for every change takes a sample.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from archive.failpoint import PLACES
from tests.archive.material import site_folder
from tests.durability.crash import (
    KILLED,
    Edition,
    Trial,
    Version,
    copy,
    counted,
    in_child,
    publish,
    versions,
)

CUTS = ("0", "1", "half", "-1", "all")
FIRST = Edition(range(1, 37))
SECOND = Edition(range(1, 45), edited=range(10, 20))
SAMPLE = 150
# Nothing in these nights vanishes from the site, and no other file is written.
UNPASSED = {name for name in PLACES if name.partition(".")[0] in ("removals", "other")}


def nothing(folder: Path) -> None:
    """An archive before its first night."""
    site_folder(folder)


def one_night(folder: Path) -> None:
    """An archive of one good night."""
    publish(site_folder(folder), FIRST, lambda key, version: None)


def torn(folder: Path) -> None:
    """What a run leaves that died between its lines, with every file torn as if by power."""
    site = site_folder(folder)
    acknowledged, _ = in_child(site, FIRST, "lines.write:20:half")
    assert acknowledged
    for path in (*site.path.glob("*/*/*.open"), site.runs_path):
        with path.open("ab") as file:
            file.write(b"\x1f\x8b\x08 torn")


def broken_index(folder: Path) -> None:
    """An archive of one good night whose index is no database any more."""
    one_night(folder)
    (folder / "khabar" / "index.db").write_bytes(b"no database" * 1000)


SCENES = {
    "first-night": (nothing, FIRST),
    "second-night": (one_night, SECOND),
    "mending": (torn, FIRST),
    "mending-and-edits": (torn, SECOND),
    "index": (broken_index, SECOND),
}


class Scene:
    """An archive before the night that dies, what the site shows in it, how it should end, and
    how often that night passes each place."""

    def __init__(self, name: str, folder: Path) -> None:
        prepare, self.edition = SCENES[name]
        self.template = folder / name
        prepare(self.template)
        site = copy(self.template, folder / f"{name}-whole")
        with counted() as self.passes:
            publish(site, self.edition, lambda key, version: None)
        self.wanted: Counter[Version] = versions(site)
        assert len({version[0] for version in self.wanted}) == len(self.edition.numbers)

    def trials(self) -> Iterator[Trial]:
        for place, count in sorted(self.passes.items()):
            for number in range(1, count + 1):
                for cut in CUTS if place.endswith(".write") else ("",):
                    yield Trial(self.template, self.edition, f"{place}:{number}:{cut}")


def test_death_at_every_failpoint(tmp_path: Path, long: bool) -> None:
    dice = random.Random(20261123)
    scenes = [Scene(name, tmp_path) for name in SCENES]
    trials = [(scene, trial) for scene in scenes for trial in scene.trials()]
    assert len(trials) >= 1000
    places = {trial.point.partition(":")[0] for _, trial in trials}
    assert places == set(PLACES) - UNPASSED
    if not long:
        one_each = {trial.point.partition(":")[0]: (scene, trial) for scene, trial in trials}
        rest = dice.sample(trials, SAMPLE - len(one_each))
        trials = [*one_each.values(), *rest]
    for scene, trial in trials:
        trial.run(tmp_path / "trial", scene.wanted, KILLED)
    print(f"\n{len(trials)} deaths at {len(places)} places: 0 acknowledged articles lost")
