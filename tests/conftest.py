"""What many tests need: a newsroom, an archive of it, and baygan as a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """A news site of twelve posts on 127.0.0.1, the test's own."""
    with Newsroom(Site(12)) as room:
        yield room


@pytest.fixture
def archive_folder(tmp_path: Path, newsroom: Newsroom) -> Path:
    """An archive with the newsroom as its one site `news`, not crawled, asked without delay."""
    folder = tmp_path / "archive"
    folder.mkdir()
    site = f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
    (folder / "sites.toml").write_text(site)
    return folder


@pytest.fixture
def baygan(archive_folder: Path) -> Baygan:
    """baygan, started in the archive's folder."""
    return Baygan(archive_folder)
