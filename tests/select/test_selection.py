"""A selection: what it holds, and how little of the archive it reads."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, UnknownSite, UsageError
from archive.model import Article
from archive.outcomes import Flag
from archive.select.selection import Selection
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, article, exchange, ids, keep, site_folder
from tests.process import REPOSITORY, environment

FIRST = datetime(2025, 3, 21, 8, tzinfo=UTC)  # 1404-01-01


def dated(number: int) -> Article:
    """Post `number`, published so many days after the year 1404 began."""
    return replace(article(number), published=FIRST + timedelta(days=number))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Six posts, one of them without a date; post 2 has two versions, and two titles."""
    site = site_folder(tmp_path)
    posts = [
        replace(dated(1), categories=("اقتصاد", "ایران"), authors=("مریم کریمی",)),
        replace(dated(2), source="خبرگزاری نمونه", tags=("نفت‌خام",)),
        replace(dated(3), post_type="video", language="ar", flags=(Flag.SHORT,)),
        replace(dated(40), categories=("ورزش",), language="fa"),
        replace(article(5), published=None, date_source=None),
        replace(dated(70), categories=("فرهنگ و هنر",), flags=(Flag.SHORT, Flag.TRUNCATED)),
    ]
    for night in (posts, [replace(posts[1], text="متن دیگری از همان خبر.")]):
        with SiteWriter(site) as writer:
            for post in night:
                number = post.post_id or 0
                writer.keep(address(number), post, writer.capture(exchange(number)))
    return site.archive


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 3, 40, 5, 70, 2]),
        ({"versions": "all"}, [1, 2, 3, 40, 5, 70, 2]),
        ({"since": "1404-01", "until": "1404-01"}, [1, 3, 2]),
        ({"since": "1404-02"}, [40, 70]),
        ({"until": "2025-03-22"}, [1]),
        ({"categories": ("اقتصاد",)}, [1]),
        ({"categories": ("ورزش", "إقتصاد", "ايران")}, [1, 40]),
        ({"categories": ("فرهنگ‌و هنر",)}, [70]),
        ({"categories": ("فرهنگ",)}, []),
        ({"tags": ("نفت خام",)}, [2]),
        ({"authors": ("مريم كريمي",)}, [1]),
        ({"sources": ("خبرگزاری نمونه",), "versions": "all"}, [2, 2]),
        ({"types": ("video",)}, [3]),
        ({"languages": ("AR", "fa")}, [3, 40]),
        ({"flags": (Flag.TRUNCATED,)}, [70]),
        ({"flags": (Flag.TRUNCATED, Flag.SHORT)}, [3, 70]),
        ({"flags": (Flag.SHORT,), "since": "1404-02"}, [70]),
        ({"changed": True}, [2]),
        ({"changed": True, "versions": "all"}, [2, 2]),
    ],
)
def test_each_filter_takes_what_it_says(
    archive: Archive, asked: dict[str, Any], expected: list[int]
) -> None:
    lines = [found.line for found in Selection(**asked).lines(archive)]
    assert [line["post_id"] for line in lines] == expected


def test_a_found_line_says_where_it_is(archive: Archive) -> None:
    for found in Selection(versions="all").lines(archive):
        assert found.site.lines.read(found.place) == found.line
        assert found.site.site.name == found.line["site"]


def test_what_a_site_does_not_list_any_more(tmp_path: Path) -> None:
    from archive.jsonl.removals import Removal, evidence_of

    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        keep(writer, 1, 2, 3)
        gone = Removal(
            id="khabar/post/2",
            post_type="post",
            post_id=2,
            url=address(2),
            kind="erased",
            first_missed=FIRST,
            evidence=evidence_of(writer.capture(exchange(2))),
        )
        writer.enter([gone])
    selected = Selection(removed=True).lines(site.archive)
    assert [found.line["id"] for found in selected] == ["khabar/post/2"]
    with SiteWriter(site) as writer:
        writer.enter([replace(gone, returned=FIRST + timedelta(days=1))])
    assert not list(Selection(removed=True).lines(site.archive))


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"since": "1404-13"}, UsageError),
        ({"since": "1404-02", "until": "1404-01"}, UsageError),
        ({"sites": ("khaber",)}, UnknownSite),
    ],
)
def test_a_mistake_is_told_before_the_first_line(
    archive: Archive, asked: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        Selection(**asked).lines(archive)


def test_a_month_out_of_many_reads_about_a_month(tmp_path: Path) -> None:
    """All lines are of one night, so they stand in one file."""
    site = site_folder(tmp_path)
    text = "این بند را برای اندازه نوشته‌ایم. " * 60
    with SiteWriter(site) as writer:
        for number in range(1200):
            post = replace(dated(number), text=f"{number} {text}", post_id=number + 1)
            writer.keep(address(number + 1), post, writer.capture(exchange(number + 1)))
    assert len(ids(site)) == 1200
    nothing = bytes_read(tmp_path, "khabar.is_used()")
    whole = bytes_read(tmp_path, "list(khabar.articles())") - nothing
    month = "list(khabar.articles('1405-01', '1405-01'))"
    assert whole > 5_000_000
    assert bytes_read(tmp_path, month) - nothing < 0.05 * whole


def bytes_read(folder: Path, expression: str) -> int:
    """How many bytes a process reads, by the kernel's count, that evaluates `expression`."""
    script = (
        "from archive import Archive; khabar = Archive().site('khabar');"
        "list(khabar.articles('1300', '1300'));"
        "rchar = lambda: int(open('/proc/self/io').read().split()[1]); before = rchar();"
        f"{expression}; print(rchar() - before)"
    )
    command = [sys.executable, "-c", script]
    env = environment() | {"PYTHONPATH": str(REPOSITORY)}
    return int(subprocess.check_output(command, cwd=folder, env=env))
