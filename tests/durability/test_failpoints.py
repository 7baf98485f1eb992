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

from archive.files.failpoint import PLACES
from tests.durability.crash import (
    KILLED,
    Trial,
    Version,
    copy,
    counted,
    publish,
    versions,
)
from tests.durability.scenes import SCENES

CUTS = ("0", "1", "half", "-1", "all")
SAMPLE = 150
# Nothing in these nights vanishes from the site, nothing is rebuilt or renamed, no other file is
# written.
UNPASSED = {
    name
    for name in PLACES
    if name.partition(".")[0] in ("removals", "other", "rebuild", "rename", "site")
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


def test_death_at_every_failpoint(folder: Path, long: bool) -> None:
    dice = random.Random(20261123)
    scenes = [Scene(name, folder) for name in SCENES]
    trials = [(scene, trial) for scene in scenes for trial in scene.trials()]
    assert len(trials) >= 1000
    places = {trial.point.partition(":")[0] for _, trial in trials}
    assert places == set(PLACES) - UNPASSED
    if not long:
        one_each = {trial.point.partition(":")[0]: (scene, trial) for scene, trial in trials}
        rest = dice.sample(trials, SAMPLE - len(one_each))
        trials = [*one_each.values(), *rest]
    for scene, trial in trials:
        trial.run(folder / "trial", scene.wanted, KILLED)
    print(f"\n{len(trials)} deaths at {len(places)} places: 0 acknowledged articles lost")
