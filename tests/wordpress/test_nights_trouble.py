"""Bad nights: nothing is taken for removed, the verdict says so, and the next good night has
nothing to fetch again."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import WordPress
from .conftest import FirstCrawl

NAMES = {"arvan": "ArvanCloud", "cloudflare": "Cloudflare"}


# 1 where nothing could be done, 3 where something could.
TROUBLES = {
    "empty": 3, "fifth": 3, "html": 3, "arvan": 1, "cloudflare": 1, "error": 1, "away": 1,
}  # fmt: skip


@pytest.mark.parametrize(("trouble", "code"), TROUBLES.items(), ids=TROUBLES)
def test_a_bad_night_costs_nothing(
    undone: WordPress, first_crawl: FirstCrawl, tmp_path: Path, trouble: str, code: int
) -> None:
    reader = first_crawl.copied(tmp_path / "archive")
    kept = reader.lines()
    undone.switch(trouble=trouble)
    bad = reader.next_night()
    assert bad.outcome.code == code, bad
    assert bad.outcome.out == "" and bad.outcome.err != "", bad
    night = reader.nights()[-1]
    assert night["verdict"] != "complete" and night["problems"]
    assert NAMES.get(trouble, "") in bad.outcome.err
    assert night["gone"] == 0
    if trouble in NAMES:
        assert len(bad.pages + bad.others) <= 3, bad
    undone.switch(trouble="")
    good = reader.next_night()
    assert (good.outcome.code, good.outcome.out, good.outcome.err) == (0, "", ""), good
    assert good.pages == []
    assert reader.nights()[-1]["verdict"] == "complete"
    assert reader.removals() == []
    assert reader.lines() == kept
