"""The power goes at any instant of a night, and the disk keeps what it must and what it likes.

Each state is one that a disk may be in (see `power.py`); the night after it must find every
acknowledged line, no line that points at nothing, and end as an undisturbed one.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from archive.folder import Archive
from archive.writer.batch import BATCH
from tests.durability.crash import (
    Edition,
    assert_sound,
    copy,
    lines,
    publish,
    recovered_twice,
    versions,
)
from tests.durability.power import PowerCut, Recorder, contents
from tests.durability.scenes import SCENES, nothing

STATES, LONG = 200, 2000
NIGHTS = {**SCENES, "full-size": (nothing, Edition(range(1, 2 * BATCH + 5), batch=BATCH))}


@pytest.mark.parametrize("name", NIGHTS)
def test_the_power_goes(name: str, folder: Path, long: bool) -> None:
    dice = random.Random(f"{name} 1405")
    prepare, edition = NIGHTS[name]
    prepare(folder / "template")
    kept = {
        (line["id"], line["version"])
        for line in lines(copy(folder / "template", folder / "counted"))
    }
    site = copy(folder / "template", folder / "home")
    before = contents(folder / "home")
    recorder = Recorder(folder / "home")
    with recorder.listening():
        publish(site, edition, recorder.acknowledged)
    wanted = versions(site)
    for _ in range((LONG if long else STATES) // len(SCENES)):
        instant = dice.randint(0, len(recorder.calls))
        cut = PowerCut(before, recorder.calls[:instant])
        cut.restore(folder / "state", folder / "home", dice)
        after = Archive(folder / "state").site("khabar")
        recovered_twice(after, edition.batch)
        there = {(line["id"], line["version"]) for line in lines(after)}
        assert cut.acknowledged | kept <= there, f"{instant}: an acknowledged line is lost"
        publish(after, edition, lambda key, version: None)
        assert versions(after) == wanted, instant
        assert_sound(after)
        shutil.rmtree(folder / "state")
