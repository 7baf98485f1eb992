"""A command that the tests fork does what one does that Python was started for."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.forked import ForkServer
from tests.process import Baygan, environment


class FromTheBeginning(Baygan):
    """Starts Python for every command."""

    forks = False


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("crawl", "--help"),
        ("crawl", "--dry-run", "--json"),
        ("status", "--json"),
        ("export", "nobody"),
        ("nonsense",),
    ],
    ids=" ".join,
)
def test_its_answer_is_the_same(baygan: Baygan, arguments: tuple[str, ...]) -> None:
    assert baygan(*arguments) == FromTheBeginning(baygan.folder)(*arguments)


def test_its_folder_is_the_one_it_was_given(baygan: Baygan, tmp_path: Path) -> None:
    assert baygan("crawl").code == 0
    assert len(baygan("export").lines) == 13
    assert Baygan(tmp_path)("export").code == 2


def test_it_dies_at_a_failpoint(baygan: Baygan) -> None:
    assert baygan("crawl", BAYGAN_FAILPOINT="lines.write").code == -signal.SIGKILL
    assert baygan("crawl").code == 0


def test_what_takes_too_long_is_killed(baygan: Baygan) -> None:
    server = ForkServer(environment())
    with pytest.raises(subprocess.TimeoutExpired):
        server.run(["crawl"], baygan.folder, patience=0.01)
    server.close()
    assert baygan("crawl").code == 0
