"""The archive as other programs read it: gzip, fastwarc, and each line's place in its WARC."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.warc.reader import read_record

from .conftest import FirstCrawl
from .visit import Reader


@pytest.mark.parametrize("kind", ["warc", "text"])
def test_tools_of_others_find_nothing_wrong(first_crawl: FirstCrawl, kind: str) -> None:
    files = first_crawl.reader.warcs(kind)
    assert files
    check_files(files)


def test_every_line_leads_to_its_page(first_crawl: FirstCrawl) -> None:
    assert check_places(first_crawl.reader) == len(first_crawl.reader.wordpress.truth)


def test_every_request_has_its_exchange(first_crawl: FirstCrawl) -> None:
    kinds = [record["WARC-Type"] for record, _ in first_crawl.reader.contents("warc")]
    visits = (first_crawl.first, first_crawl.again)
    asked = sum(len(visit.pages + visit.parts + visit.others) for visit in visits)
    assert kinds.count("response") == kinds.count("request") == asked


def check_files(files: list[Path]) -> None:
    """All are finished, `gzip -t` and `fastwarc check` pass."""
    fastwarc = str(Path(sys.executable).with_name("fastwarc"))
    for file in files:
        assert file.suffix == ".gz"
        for tool in (["gzip", "-t"], [fastwarc, "check", "-q"]):
            checked = subprocess.run([*tool, file], capture_output=True, timeout=60, check=False)
            assert checked.returncode == 0, checked.stdout + checked.stderr


def check_places(reader: Reader) -> int:
    """Each line's place holds the response it was made of; how many lines there are."""
    lines = reader.lines()
    for line in lines:
        warc = line["warc"]
        with (reader.site / warc["file"]).open("rb") as file:
            file.seek(warc["offset"])
            member = io.BytesIO(file.read(warc["length"]))
        [record] = [(entry, entry.content_stream().read()) for entry in ArchiveIterator(member)]
        entry, page = record
        field = entry.rec_headers.get_header
        assert (entry.rec_type, entry.http_headers.get_statuscode()) == ("response", "200")
        assert field("WARC-Record-ID") == f"<{warc['record_id']}>"
        assert field("WARC-Target-URI") == line["url"]
        assert field("WARC-Payload-Digest") == f"sha256:{warc['payload_sha256']}"
        assert f"postid-{line['post_id']} ".encode() in page
        assert read_record(reader.site, warc).page() == page
    return len(lines)
