"""The bed as a fixture: one for the whole run, or none with a plain word why."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.process import Baygan

from . import WordPress, missing
from .visit import SITE, Reader, Visit


@pytest.fixture(scope="session")
def wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """A WordPress with 320 Persian posts; who changes it changes it back.

    Skips where the Debian packages are missing, fails there if
    BAYGAN_WORDPRESS=required.
    """
    require_packages()
    with WordPress.start(tmp_path_factory.mktemp("wordpress")) as bed:
        yield bed


@dataclass(frozen=True)
class FirstCrawl:
    """A fresh archive of the bed: `baygan add`, a first crawl by REST, and a second one."""

    reader: Reader
    added: Visit
    first: Visit
    again: Visit


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
