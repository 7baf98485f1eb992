"""The archive of a `LargeSite`, by repetition: every article has its line, its text record and its
rows in the index, as real crawls leave them. The pages are not there; a quiet night reads none.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.folder import Archive, SiteFolder
from archive.index.listed_post import ListedPost
from archive.jsonl.article_line import encode, make_line
from archive.jsonl.runs import Counts, Run, append_run
from archive.layout import ARTICLES, WARC, article_file, run_name
from archive.model import Article, Capture
from archive.outcomes import Verdict
from archive.times.days import utc
from archive.writer.site_writer import SiteWriter
from benchmarks.large_site import LAST, PORT, moment

NAME = "khabar"
MONTHS = 24
_NIGHTS = 1_000
_STEP = 5_000
_SENTENCE = "گزارش‌های رسیده می‌گوید که کار جاده تا پایان سال به پایان می‌رسد و همه از آن خشنودند. "
_CRAWLED = datetime(2024, 1, 1, tzinfo=UTC)
_NUMBER = 10**12 + 7


def large_archive(folder: Path, host: str, count: int, *, rest: bool = True) -> SiteFolder:
    """The archive in `folder`; it is made if it is not there, which takes minutes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sites.toml").write_text(
        f'[sites.{NAME}]\nurl = "http://{host}:{PORT}/"\nallow_private = true\ndelay = 0\n'
    )
    site = Archive(folder).site(NAME)
    if site.runs_path.exists():
        return site
    write_lines(site, count)
    with SiteWriter(site) as writer:
        if rest:
            for start in range(1, count + 1, _STEP):
                numbers = range(start, min(start + _STEP, count + 1))
                writer.index.update(_listed(site.site.url, number, count) for number in numbers)
            state = writer.index.crawl_state.of_type("post")
            state.watermark, state.swept = LAST - timedelta(days=1), LAST + timedelta(days=1)
    for night in range(_NIGHTS):
        append_run(site.runs_path, _run(night, count))
    return site


def write_lines(site: SiteFolder, count: int) -> None:
    """The files of lines, one a month, each with as many lines."""
    folder = site.path / ARTICLES
    folder.mkdir(parents=True, exist_ok=True)
    size = -(-count // MONTHS)
    for month in range(MONTHS):
        captured = _CRAWLED + timedelta(days=31 * month)
        pattern = _pattern(site, captured)
        with (folder / article_file(captured)).open("wb") as file:
            for number in range(month * size + 1, min((month + 1) * size, count) + 1):
                file.write(_line(pattern, number, count))


def _pattern(site: SiteFolder, captured: datetime) -> bytes:
    """The line of the article with the ID _NUMBER, captured in the first run of that month."""
    run = run_name(site.site.name, captured, f"{captured:%y%m%d%H}")
    url = f"{site.site.url}news/{_NUMBER}/"
    article = Article(
        title=f"خبر {_NUMBER}",
        text="\n\n".join([_SENTENCE * 3] * 4),
        post_id=_NUMBER,
        post_type="post",
        published=LAST,
        modified=LAST,
        date_source="rest",
    )
    capture = Capture(
        file=f"{WARC}/{captured:%Y}/{run}-00000.warc.gz",
        offset=_NUMBER,
        length=9_000,
        record_id=f"urn:uuid:00000000-0000-0000-0000-{_NUMBER}",
        payload_sha256="0" * 64,
        date=captured,
    )
    return encode(make_line(site.site.name, url, 1, article, capture, {"baygan": "0"}))


def _line(pattern: bytes, number: int, count: int) -> bytes:
    line = pattern.replace(f"0000-{_NUMBER}".encode(), f"0000-{number:013}".encode())
    line = line.replace(str(_NUMBER).encode(), str(number).encode())
    return line.replace(utc(LAST).encode(), utc(moment(number, count)).encode())


def _listed(home: str, number: int, count: int) -> ListedPost:
    """The post as the crawl before has seen it in a listing."""
    at = moment(number, count)
    return ListedPost(
        url=f"{home}news/{number}/",
        post_type="post",
        post_id=number,
        title=f"خبر {number}",
        published=at,
        date_source="rest",
        modified=at,
        local=f"{at:%Y-%m-%dT%H:%M:%S}",
    )


def _run(night: int, count: int) -> Run:
    """A usual night in the account of runs."""
    started = datetime.now(UTC) - timedelta(days=_NIGHTS - night)
    return Run(
        run=f"{night:08}",
        site=NAME,
        started=started,
        ended=started,
        verdict=Verdict.COMPLETE,
        counts=Counts(found=count, new=3, requests=6),
        coverage={"source": "rest", "total": {"post": count}},
    )
