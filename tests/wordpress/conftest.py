"""The bed as a fixture: one for the whole run, or none with a plain word why."""

import os
from collections.abc import Iterator

import pytest

from . import WordPress, missing


@pytest.fixture(scope="session")
def wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """A WordPress with 320 Persian posts; who changes it changes it back.

    Skips where the Debian packages are missing, fails there if
    BAYGAN_WORDPRESS=required.
    """
    require_packages()
    with WordPress.start(tmp_path_factory.mktemp("wordpress")) as bed:
        yield bed


def require_packages() -> None:
    absent = missing()
    if absent and os.environ.get("BAYGAN_WORDPRESS") == "required":
        pytest.fail(absent, pytrace=False)
    if absent:
        pytest.skip(absent)
