"""A process that dies inside a write, at any byte of any file.

The kernel does it: a file may not grow beyond a limit, the write that would is cut at it, and
the one after it ends the process (SIGXFSZ). What was acknowledged before is told on a pipe.
"""

from __future__ import annotations

import os
import random
import resource
import signal
from pathlib import Path

import pytest

from archive.folder import SiteFolder
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, article, exchange, ids, site_folder
from tests.warc_reader import findings, read_folder

POSTS = 40
TRIALS = 15
WORDS = ("دولت", "مجلس", "شهردار", "گزارش", "می‌دهد", "نشست", "برنامه‌ریزی", "تازه‌ترین", "خبر")


def work(site: SiteFolder, body: int, words: int, acknowledged: int | None = None) -> None:
    """A night that keeps all posts and writes how many are acknowledged to a descriptor."""
    dice = random.Random(7)
    with SiteWriter(site) as writer:
        for number in range(1, POSTS + 1):
            captured = writer.capture(exchange(number, dice.randbytes(body)))
            text = " ".join(dice.choices(WORDS, k=words))
            writer.keep(address(number), article(number, text), captured)
            if acknowledged is not None:
                os.write(acknowledged, f"{writer.run.counts.new}\n".encode())


def killed(site: SiteFolder, body: int, words: int, limit: int) -> int:
    """Do the same in a process whose files may not grow beyond `limit` bytes; how many
    articles it acknowledged before it died."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        work(site, body, words, writing)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        counts = [int(line) for line in told]
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXFSZ
    return max(counts, default=0)


def torn(site: SiteFolder) -> set[str]:
    """Of which kinds of files something had to be cut."""
    names = [path.name for path in site.quarantine.glob("*")]
    return {kind for kind in ("text.warc", "warc", "jsonl") for n in names if f".{kind}" in n}


@pytest.mark.parametrize(
    ("body", "words", "largest", "file"),
    [(30_000, 40, 1_200_000, "warc"), (10, 900, 300_000, "jsonl")],
    ids=["in-captures", "in-lines"],
)
def test_death_inside_a_write(
    tmp_path: Path, body: int, words: int, largest: int, file: str
) -> None:
    dice = random.Random(1405)
    cut = 0
    # SQLite's own files reach 32 KiB at once: no smaller limit lets a night begin. Some of the
    # deaths are inside its log.
    for trial, limit in enumerate(dice.randrange(33_000, largest) for _ in range(TRIALS)):
        site = site_folder(tmp_path / f"{trial}")
        acknowledged = killed(site, body, words, limit)
        with SiteWriter(site) as writer:
            assert writer.index.counts()["articles"] >= acknowledged
        kept = ids(site)
        assert kept[:acknowledged] == [f"khabar/post/{n}" for n in range(1, acknowledged + 1)]
        cut += file in torn(site)
        work(site, body, words)
        assert ids(site) == [f"khabar/post/{n}" for n in range(1, POSTS + 1)]
        records = read_folder(site.path)
        assert findings(records) == []
        assert sum(record.kind == "conversion" for record in records) == POSTS
    assert cut > TRIALS / 3
