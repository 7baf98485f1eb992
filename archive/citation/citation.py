"""What a citation of an article tells, whatever its form."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from archive.citation.pwid import archive_id, pwid
from archive.errors import Damaged
from archive.folder import SiteFolder
from archive.http.urls import ascii_uri, host_of
from archive.jsonl.article_line import ArticleLine
from archive.times.days import day_in_iran, utc
from archive.times.warc_date import moment
from archive.warc.pages import page_of_line
from archive.warc.reader import read_record

_NO_KEY = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One version of an article, as it was captured.

    `authors` are display names, as published. `site` is the site's name for itself or, if it tells
    none, its host. `issued` is the day in Iran on which it was published and `jalali` the same by
    the Jalali calendar; None if that is not sure. `captured` is when the request began,
    `sha256` the digest of the response's body (the WARC-Payload-Digest) and `record_id` that of
    the WARC record. `pwid` is None if sites.toml names no `contact` with a domain.
    """

    key: str
    title: str | None
    authors: tuple[str, ...]
    site: str
    url: str
    language: str | None
    version: int
    issued: date | None
    jalali: str | None
    captured: datetime
    sha256: str
    record_id: str
    pwid: str | None
    archive: str | None

    @property
    def evidence(self) -> str:
        """Where the capture is, and how to see that it is the same."""
        told = f"captured {utc(self.captured)}, SHA-256 {self.sha256}, {self.record_id}"
        return f"{told}, {self.pwid}" if self.pwid else told


def cite(site: SiteFolder, line: ArticleLine) -> Citation:
    """The citation of `line`, from its capture's WARC records; Damaged if the capture is not there
    as it was written."""
    record = read_record(site.path, line["warc"])
    captured = moment(record.field("WARC-Date"))
    if captured is None:
        raise Damaged(f"{line['warc']['record_id']} has no date. Look at it with: baygan check")
    settings = site.archive.settings
    named = archive_id(settings.contact)
    target = ascii_uri(record.field("WARC-Target-URI") or "")
    published = line["published"]
    return Citation(
        key=f"{_NO_KEY.sub('-', line['id'])}-v{line['version']}",
        title=_one_line(line["title"]) if line["title"] else None,
        authors=tuple(_one_line(name) for name in line["authors"]),
        site=_one_line(_site_name(site, line) or host_of(line["url"])),
        url=line["url"],
        language=line["language"],
        version=line["version"],
        issued=day_in_iran(published) if published else None,
        jalali=line["published_jalali"],
        captured=captured,
        sha256=line["warc"]["payload_sha256"],
        record_id=line["warc"]["record_id"],
        pwid=pwid(named, captured, target) if named else None,
        archive=settings.title,
    )


def _site_name(site: SiteFolder, line: ArticleLine) -> str | None:
    """What the site called itself when the page was captured, if its listings told."""
    with suppress(Damaged):
        return page_of_line(site.path, line["warc"]).hints.site_name
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
