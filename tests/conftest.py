"""What many tests need: a newsroom, an archive of it, and baygan as a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan

# A test's disk may be as full as it likes, unless the test is about that.
os.environ["BAYGAN_MIN_FREE"] = "0"
# A busy machine is no fault of what is tested.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")

_LONG_NAME = 1000


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long`: the sizes that an issue's bars name, where a run for every change takes less."""
    parser.addoption("--long", action="store_true", help="full sizes: an hour, not minutes")


def pytest_configure(config: pytest.Config) -> None:
    """At full sizes Python starts for every command, as it does for a person."""
    Baygan.forks = not config.getoption("long")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A test of 34 MB would have them all in its name, which each process of pytest takes apart."""
    if isinstance(val, str | bytes) and len(val) > _LONG_NAME:
        return f"{argname}-of-{len(val)}"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side go files, and all that needs the one WordPress, which takes longest. xdist
    reads the groups in the same hook, so they are set before."""
    groups = {item: _group(item.path.relative_to(config.rootpath)) for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: groups[item] != "wordpress")
    if not config.getoption("long"):
        # Sisters of what every change is tested with: their turn comes with the full sizes.
        items[:] = [item for item in items if item.get_closest_marker("sister") is None]
    if config.getoption("long"):
        for item in items:
            item.add_marker(pytest.mark.timeout(1800), append=False)


def _group(path: Path) -> str:
    return "wordpress" if "wordpress" in path.parts else str(path)


@pytest.fixture(scope="session")
def long(pytestconfig: pytest.Config) -> bool:
    """Whether `--long` was given."""
    return bool(pytestconfig.getoption("long"))


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
