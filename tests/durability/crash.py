"""A night in a child process that dies at a failpoint, and what has to be true of it afterwards.

The child tells on a pipe what was acknowledged; what it told is what must be there.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import BayganError
from archive.files import failpoint
from archive.folder import Archive, SiteFolder
from archive.jsonl.article_line import ArticleLine, text_sha256
from archive.warc.reader import read_record
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, article, exchange, kill, tree
from tests.warc_reader import findings, read_folder

SMALL = 9_000
"""Bytes of a WARC file: some six exchanges."""
FEW = 16
"""Articles in a batch: so that a short night has batches that are full, and one that is not."""

WORDS = ("دولت", "مجلس", "شهردار", "گزارش", "می‌دهد", "نشست", "برنامه‌ریزی", "تازه‌ترین", "خبر")
Version = tuple[str, int, str | None, str]
"""ID, version, title and text's digest: what an article is, wherever its captures lie."""
Acknowledged = set[tuple[str, int]]


@dataclass(frozen=True)
class Edition:
    """What the site shows of its posts tonight: their numbers, and which were edited; whether
    all of them are fetched `again`. `batch` articles are kept at a time."""

    numbers: range
    edited: range = field(default_factory=lambda: range(0))
    again: bool = False
    batch: int = FEW

    def text(self, number: int) -> str:
        dice = random.Random(number)
        words = " ".join(dice.choices(WORDS, k=30))
        return f"{words} (ویرایش دوم)" if number in self.edited else words

    def body(self, number: int) -> bytes:
        noise = random.Random(number).randbytes(600).hex()
        return f"<p>{self.text(number)}</p><!-- {noise} -->".encode()


def publish(site: SiteFolder, edition: Edition, told: Callable[[str, int], None]) -> None:
    """A night as a crawl has it: what is not kept in this wording is fetched and kept; `told`
    hears of every version once it is acknowledged."""
    order: list[tuple[str, int]] = []
    heard = 0
    with SiteWriter(site, file_limit=SMALL, batch_limit=edition.batch) as writer:
        for number in edition.numbers:
            post = article(number, edition.text(number))
            key = f"{site.site.name}/post/{number}"
            known = writer.index.newest_of(key)
            if known and known.text_sha256 == text_sha256(post.text) and not edition.again:
                continue
            captured = writer.capture(exchange(number, edition.body(number)))
            if writer.keep(address(number), post, captured) in ("new", "changed"):
                order.append((key, known.version + 1 if known else 1))
            counts = writer.run.counts
            for key, version in order[heard : counts.new + counts.changed]:
                told(key, version)
            heard = counts.new + counts.changed
        writer.refuse(address(7001), "list")
        writer.fail(address(7002), "http-404")
        writer.close()
        for key, version in order[heard:]:
            told(key, version)


def in_child(site: SiteFolder, edition: Edition, point: str | None) -> tuple[Acknowledged, int]:
    """`publish` in a process of its own with this failpoint; what it acknowledged, and how it
    ended: the number of a signal, 0, or minus the exit code of the error it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        code = 70
        try:
            failpoint.arm(point)
            publish(site, edition, lambda *told: _tell(writing, *told))
            code = 0
        except BayganError as error:
            code = error.exit_code
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = [line.decode().split() for line in pipe]
    _, status = os.waitpid(child, 0)
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)
    return {(key, int(version)) for key, version in lines}, ended


def _tell(descriptor: int, key: str, version: int) -> None:
    os.write(descriptor, f"{key} {version}\n".encode())


class PostCounts(failpoint.Failpoint):
    """Counts how often every place is passed."""

    def __init__(self) -> None:
        super().__init__("", 0, "", 0)
        self.counts: Counter[str] = Counter()

    def reached(self, name: str) -> bool:
        self.counts[name] += 1
        return False


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """How often each place is passed inside the block."""
    census = PostCounts()
    failpoint._armed = census
    try:
        yield census.counts
    finally:
        failpoint.arm(None)


def lines(site: SiteFolder) -> list[ArticleLine]:
    """Every whole line there is, from the files and not from the index."""
    files = sorted((site.path / "articles").glob("*.jsonl"))
    return [json.loads(data) for path in files for data in path.read_bytes().split(b"\n")[:-1]]


def versions(site: SiteFolder) -> Counter[Version]:
    return Counter(
        (line["id"], line["version"], line["title"], line["text_sha256"]) for line in lines(site)
    )


def recovered_twice(site: SiteFolder, batch: int) -> None:
    """What the next two nights do before they begin; the second one finds nothing to do."""
    kill(SiteWriter(site, batch_limit=batch))
    once = tree(site.archive.path)
    kill(SiteWriter(site, batch_limit=batch))
    assert tree(site.archive.path) == once, "a second recovery changed something"


def assert_sound(site: SiteFolder) -> None:
    """No line twice, every line leads to its record and to one text record, every rule kept."""
    records = read_folder(site.path)
    assert findings(records) == []
    assert not list(site.path.rglob("*.open"))
    texts = Counter(r.get("WARC-Refers-To") for r in records if r.kind == "conversion")
    for line in lines(site):
        stored = read_record(site.path, line["warc"])
        assert stored.field("WARC-Target-URI") == line["url"]
        assert stored.field("WARC-Payload-Digest") == f"sha256:{line['warc']['payload_sha256']}"
        assert texts.pop(f"<{line['warc']['record_id']}>") == 1
    assert not texts, "a text record without a line"
    assert max(versions(site).values(), default=1) == 1, "a line twice"


def copy(template: Path, folder: Path) -> SiteFolder:
    """The archive in `template`, in a new folder of its own."""
    shutil.copytree(template, folder)
    return Archive(folder).site("khabar")


@dataclass(frozen=True)
class Trial:
    """One death: the archive before it, what the site shows, where the process dies."""

    template: Path
    edition: Edition
    point: str

    def run(self, folder: Path, wanted: Counter[Version], signals: tuple[int, ...]) -> None:
        """Die, recover twice, go on; assert that nothing is lost and nothing stands twice."""
        site = copy(self.template, folder)
        before = {(line["id"], line["version"]) for line in lines(site)}
        acknowledged, ended = in_child(site, self.edition, self.point)
        assert ended in signals, f"{self.point}: the process ended with {ended}"
        recovered_twice(site, self.edition.batch)
        there = {(line["id"], line["version"]) for line in lines(site)}
        assert acknowledged | before <= there, f"{self.point}: {acknowledged | before - there}"
        publish(site, self.edition, lambda key, version: None)
        assert versions(site) == wanted, self.point
        assert_sound(site)
        shutil.rmtree(folder)


KILLED = (signal.SIGKILL,)
