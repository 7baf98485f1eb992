"""What the archive floor is fed with where no crawl is needed: exchanges and articles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.folder import Archive, SiteFolder
from archive.model import Article, Exchange
from archive.writer.site_writer import SiteWriter

HOME = "http://khabar.example/"
UNCOUNTED = (
    "DROP TRIGGER page_added; DROP TRIGGER page_dropped; DROP TRIGGER page_changed;"
    "DROP TRIGGER entry_added; DROP TRIGGER entry_dropped; DROP TRIGGER entry_moved;"
    "DROP TABLE page_counts; DROP TABLE listed_files; DROP TABLE health; DROP INDEX failing;"
)
"""SQL that takes from an index.db what its first five versions did not have."""


def site_folder(folder: Path) -> SiteFolder:
    """The site `khabar` of a new archive in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "sites.toml").write_text(f'[sites.khabar]\nurl = "{HOME}"\n')
    return Archive(folder).site("khabar")


def address(number: int) -> str:
    return f"{HOME}?p={number}"


def exchange(number: int, body: bytes = b"<p>salaam</p>", head: str = "") -> Exchange:
    """A GET of post `number` and a whole response with this body."""
    now = datetime.now(UTC)
    length = f"Content-Length: {len(body)}\r\n"
    return Exchange(
        url=address(number),
        request=f"GET /?p={number} HTTP/1.1\r\nHost: khabar.example\r\n\r\n".encode(),
        response=f"HTTP/1.1 200 OK\r\n{head}{length}\r\n".encode() + body,
        ip="192.0.2.7",
        port=80,
        started=now,
        ended=now,
    )


def article(number: int, text: str = "دولت از برنامه‌ای تازه خبر داد.") -> Article:
    """What cleaning would make of post `number`."""
    return Article(
        title=f"خبر شمارهٔ {number}",
        text=text,
        post_id=number,
        post_type="post",
        published=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
        date_source="rest",
    )


def keep(writer: SiteWriter, *numbers: int) -> None:
    """Capture and keep these posts."""
    for number in numbers:
        writer.keep(address(number), article(number), writer.capture(exchange(number)))


def archived(folder: Path, *numbers: int) -> SiteFolder:
    """A site whose first night has kept these posts."""
    site = site_folder(folder)
    with SiteWriter(site) as writer:
        keep(writer, *numbers)
    return site


def kill(writer: SiteWriter) -> None:
    """Leave the files as kill -9 would: nothing is flushed, finished or written any more."""
    writer._warc.drop()
    writer._text.drop()
    writer.folder.lines.drop()
    writer.index.close()
    writer._lock.close()
    writer.is_closed = True


def ids(site: SiteFolder) -> list[str]:
    return [line["id"] for line in site.articles()]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` but SQLite's own, which say nothing new when reopened."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.startswith(("index.db", "search.db"))
        and path.name != ".lock"
    }
