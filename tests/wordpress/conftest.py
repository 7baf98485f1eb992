"""The bed as a fixture: one for the whole run, or none with a plain word why."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.process import Baygan

from . import Plan, WordPress, missing
from .visit import SITE, Reader, Visit


@pytest.fixture(scope="session")
def wordpress(tmp_path_factory: pytest.TempPathFactory, long: bool) -> Iterator[WordPress]:
    """A WordPress with 320 Persian posts (--long: 1,200); who changes it changes it back.

    Skips where the Debian packages are missing, fails there if
    BAYGAN_WORDPRESS=required.
    """
    require_packages()
    plan = Plan(posts=1200 if long else 320)
    with WordPress.start(tmp_path_factory.mktemp("wordpress"), plan) as bed:
        yield bed


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, long: bool) -> Iterator[WordPress]:
    """A smaller one for whole crawls of their own: 64 posts, 8 reports (--long: 1,200, 300)."""
    require_packages()
    plan = Plan(posts=1200, reports=300) if long else Plan(posts=64, reports=8)
    with WordPress.start(tmp_path_factory.mktemp("town"), plan) as bed:
        yield bed


@pytest.fixture
def changing(town: WordPress) -> Iterator[WordPress]:
    """The town, to be changed at will: it is as before when the test ends."""
    with town.undone():
        yield town


@pytest.fixture
def undone(wordpress: WordPress) -> Iterator[WordPress]:
    """The same, to be changed at will: it is as before when the test ends."""
    with wordpress.undone():
        yield wordpress


@dataclass(frozen=True)
class FirstCrawl:
    """A fresh archive of the bed: `baygan add`, a first crawl by REST, and a second one."""

    reader: Reader
    added: Visit
    first: Visit
    again: Visit

    def copied(self, folder: Path) -> Reader:
        """A reader with an archive of his own that is as far as this one."""
        shutil.copytree(self.reader.baygan.folder, folder, symlinks=True)
        return Reader(self.reader.wordpress, folder)


@pytest.fixture(scope="session")
def first_crawl(wordpress: WordPress, tmp_path_factory: pytest.TempPathFactory) -> FirstCrawl:
    """What most tests look into; nobody changes the archive."""
    folder = tmp_path_factory.mktemp("first") / "archive"
    Baygan(folder.parent)("init", folder.name)
    reader = Reader(wordpress, folder)
    wordpress.mark()
    outcome = reader.baygan("add", wordpress.url, "--name", SITE, "--allow-private")
    added = Visit(outcome, *reader.asked())
    with (folder / "sites.toml").open("a") as settings:
        settings.write("delay = 0\n")
    return FirstCrawl(reader, added, reader.visit(), reader.visit())


def require_packages() -> None:
    absent = missing()
    if absent and os.environ.get("BAYGAN_WORDPRESS") == "required":
        pytest.fail(absent, pytrace=False)
    if absent:
        pytest.skip(absent)
