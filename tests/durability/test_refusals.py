"""A disk that refuses, at every call a night makes: one error, nothing lost, and on it goes.

ENOSPC may come at any write, and at whatever makes a file or a name; EIO from an fsync, after
which nothing is tried again.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from archive.files.failpoint import FILES
from tests.durability.crash import Trial, copy, counted, publish, versions
from tests.durability.scenes import SCENES

FAILED = (-1,)
"""How the process ends: by itself, with exit code 1."""
SYNCS = {*(f"{file}.sync" for file in FILES), "folder.sync", "tail.sync"}
# Behind these the call is over, and what has been done is done.
OVER = {*(f"{file}.{step}" for file in FILES for step in ("synced", "created")), "folder.synced"}
OVER |= {"index.committed", "finish.unlinked"}
SAMPLE = 60


def refusals(template: Path, name: str, folder: Path) -> Iterator[Trial]:
    """Every call of the scene's night that can be refused."""
    _, edition = SCENES[name]
    site = copy(template, folder)
    with counted() as passes:
        publish(site, edition, lambda key, version: None)
    for place, count in sorted(passes.items()):
        for number in range(1, count + 1):
            if place in SYNCS:
                yield Trial(template, edition, f"{place}:{number}::EIO")
            elif place.endswith(".write"):
                for cut in ("0", "half", "-1"):
                    yield Trial(template, edition, f"{place}:{number}:{cut}:ENOSPC")
            elif place not in OVER:
                yield Trial(template, edition, f"{place}:{number}::ENOSPC")


def test_a_refusal_at_every_call(folder: Path, long: bool) -> None:
    dice = random.Random(1405)
    trials = []
    for name, (prepare, edition) in SCENES.items():
        prepare(folder / name)
        found = list(refusals(folder / name, name, folder / f"{name}-whole"))
        site = copy(folder / name, folder / f"{name}-good")
        publish(site, edition, lambda key, version: None)
        trials += [(trial, versions(site)) for trial in found]
    chosen = trials if long else dice.sample(trials, SAMPLE)
    for trial, wanted in chosen:
        trial.run(folder / "trial", wanted, FAILED)
        shutil.rmtree(folder / "trial", ignore_errors=True)
    print(f"\n{len(chosen)} refusals: 0 acknowledged articles lost")
