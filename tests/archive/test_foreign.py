"""Which captures of other programs' files are pages of the site, and what becomes of all others."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.http.message import Message
from tests.foreign import (
    HOME,
    HTML,
    PAGE,
    address,
    arc,
    arc_begin,
    http,
    members,
    record,
    record_id,
    revisit,
    saved,
)
from tests.taken import Taken

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
TWIN = "https://www.khabar.example/1/"
OTHER = PAGE.replace("سیل".encode(), "برف".encode())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.warc.gz"


@pytest.mark.parametrize(
    "line",
    [b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"HTTP/2 200", b"HTTP/2.0 200", b"HTTP/2.0 200 OK",
     b"HTTP/3 200", b"http/1.1 200 OK", b"Http/2 200 ", b"HTTP 200 Document follows",
     b"HTTP/1.1 200", b"HTTP/1.1\t200 \xd8\xae\xd9\x88\xd8\xa8", b"ICY 200 OK"],
)  # fmt: skip
@pytest.mark.parametrize("end", [b"\r\n", b"\n"], ids=["crlf", "lf"])
def test_a_status_line_however_it_is_written(file: Path, line: bytes, end: bytes) -> None:
    block = http(PAGE, line, b"a line that is no header").replace(b"\r\n", end)
    taken = Taken(saved(file, members([record(1, block)])))
    assert taken.pages == {address(1): PAGE}
    assert taken.exchanges[0].response == block
    assert not taken.left_out.reasons


@pytest.mark.parametrize("length", [b"5", b"999999", b"many"])
def test_the_response_s_own_length_may_be_wrong(file: Path, length: bytes) -> None:
    block = http(PAGE, b"HTTP/1.1 200 OK", b"Content-Length: " + length)
    assert Taken(saved(file, members([record(1, block)]))).pages == {address(1): PAGE}


def test_what_an_archive_could_not_write_is_left_out_of_the_record(file: Path) -> None:
    odd = record(1, more=[("WARC-IP-Address", "khabar\rX: y")]).replace(b":uuid:", b":u \r id:")
    taken = Taken(saved(file, members([odd])))
    [exchange] = taken.exchanges
    assert exchange.ip == "" and " " not in dict(exchange.imported)["imported-record-id"]
    assert Taken(file, known=taken.exchanges).left_out.known == 1


@pytest.mark.parametrize(
    ("block", "more", "reason", "is_lost"),
    [
        (b"", (), "no-http", True),
        (b"\x16\x03\x01 no HTTP", (), "no-http", True),
        (http(PAGE, b"HTTP/1.1 2000 OK"), (), "no-http", True),
        (http(PAGE, b"HTTP/2 301"), (), "redirect", False),
        (http(PAGE, b"HTTP/1.1 404 Not Found"), (), "error", False),
        (http(PAGE, b"HTTP/1.1 503"), (), "error", False),
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG", (), "no-page", False),
        (http(PAGE, b"HTTP/1.1 204 No Content"), (), "no-page", False),
        (http(PAGE, b"HTTP/1.1 206 Partial Content"), (), "cut", True),
        (http(), (("WARC-Truncated", "length"),), "cut", True),
        (http(), (("WARC-Segment-Number", "1"),), "segmented", True),
        (http(bytes(34 << 20)), (), "too-long", True),
    ],
)
def test_what_is_no_page_is_counted_by_reason(
    file: Path, block: bytes, more: tuple[tuple[str, str], ...], reason: str, is_lost: bool
) -> None:
    taken = Taken(saved(file, members([record(1, block, more=more), record(2)])))
    assert list(taken.pages) == [address(2)]
    assert taken.left_out.reasons == {reason: 1}
    assert taken.left_out.other == 1
    assert taken.left_out.lost == ({reason: 1} if is_lost else {})


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"date": "9999-01-01T00:00:00Z"}, "bad-date"),
        ({"date": "0001-01-01T00:00:00Z"}, "bad-date"),
        ({"date": "1970-01-01T00:00:00Z"}, "bad-date"),
        ({"date": "garbage"}, "bad-date"),
        ({"kind": "answer"}, "unknown-record"),
        ({"kind": "conversion"}, "conversion"),
        ({"url": "dns:khabar.example"}, "no-web-address"),
        ({"url": "urn:text:http://khabar.example/1/"}, "no-web-address"),
        ({"url": "http://khabar.example:port/1/"}, "bad-address"),
        ({"url": "http://[khabar.example/1/"}, "bad-address"),
        ({"url": " "}, "bad-address"),
        ({"url": HOME + "x" * 9000}, "bad-address"),
    ],
)
def test_a_head_that_tells_too_little_is_counted(
    file: Path, told: dict[str, str], reason: str
) -> None:
    wrong = record(1, **told)  # type: ignore[arg-type]
    taken = Taken(saved(file, members([wrong, record(2)])))
    assert list(taken.pages) == [address(2)]
    assert taken.left_out.reasons == {reason: 1}


def test_dates_are_read_as_utc(file: Path) -> None:
    dates = ["2019-03-01T10:00:00Z", "20190301100000", "2019-03-01 13:30:00+03:30",
             "Fri, 01 Mar 2019 10:00:00 GMT"]  # fmt: skip
    records = [record(number, date=date) for number, date in enumerate(dates)]
    taken = Taken(saved(file, members(records)))
    assert [one.started for one in taken.exchanges] == [datetime(2019, 3, 1, 10, tzinfo=UTC)] * 4


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (f"<{HOME}1/>", f"{HOME}1/"),
        (f"{HOME}a b/", f"{HOME}a%20b/"),
        ("https://www.khabar.example/1/", "https://www.khabar.example/1/"),
        ("HTTP://KHABAR.example:80/1/", "HTTP://KHABAR.example:80/1/"),
        (f"{HOME}خبر/", f"{HOME}%D8%AE%D8%A8%D8%B1/"),
    ],
)
def test_addresses_of_the_site(file: Path, url: str, asked: str) -> None:
    taken = Taken(saved(file, members([record(1, url=url)])))
    [exchange] = taken.exchanges
    assert exchange.url == asked
    assert exchange.page_url is not None and exchange.page_url.startswith(HOME)


def test_other_sites_are_counted_by_host(file: Path) -> None:
    others = [
        "http://www.other.example/1/",
        "https://other.example/2/",
        "http://khabar.example.net/",
    ]
    records = [record(n, url=url) for n, url in enumerate(others)]
    taken = Taken(saved(file, members([*records, record(9)])))
    assert taken.left_out.hosts == {"other.example": 2, "khabar.example.net": 1}
    assert not taken.left_out.lost and len(taken.exchanges) == 1


def test_the_same_again_and_ids_that_are_not_unique(tmp_path: Path) -> None:
    first = saved(tmp_path / "1.warc.gz", members([record(1), record(1, url=address(2))]))
    again = saved(tmp_path / "2.warc.gz", members([record(1), record(3)]))
    taken = Taken(first, first, again)
    assert list(taken.pages) == [address(1), address(2), address(3)]
    assert taken.left_out.known == 3
    assert not Taken(first, again, known=taken.exchanges).exchanges


def test_records_without_ids(tmp_path: Path) -> None:
    content = arc_begin() + arc(1) + arc(2) + arc(3, b"HTTP/1.0 404 Not Found\r\n\r\n")
    file = saved(tmp_path / "old.arc.gz", gzip.compress(content))
    taken = Taken(file)
    assert list(taken.pages) == [address(1), address(2)]
    assert taken.exchanges[0].ip == "192.0.2.1"
    assert taken.exchanges[0].started == datetime(2019, 3, 1, 10, tzinfo=UTC)
    assert taken.left_out.reasons == {"error": 1}
    assert Taken(file, known=taken.exchanges).left_out.known == 2


@pytest.mark.parametrize("order", [1, -1], ids=["original first", "revisit first"])
@pytest.mark.parametrize(
    "told",
    [
        {"Refers_To": f"<{record_id(1)}>"},
        {"Refers_To_Target_URI": address(1), "Refers_To_Date": "2019-03-01T10:00:00Z"},
        {"Refers_To_Target_URI": TWIN, "Refers_To_Date": "20190301100000"},
        {"Payload_Digest": "sha1:AAAA"},
    ],
    ids=["by ID", "by address", "by its twin", "by digest"],
)  # fmt: skip
def test_a_revisit_in_whatever_order(tmp_path: Path, order: int, told: dict[str, str]) -> None:
    original = record(1, more=[("WARC-Payload-Digest", "sha1:AAAA")])
    again = revisit(2, of=1, block=b"", **told)
    files = [
        saved(tmp_path / "1.warc.gz", members([original])),
        saved(tmp_path / "2.warc.gz", members([again, record(3, http(OTHER))])),
    ]
    taken = Taken(*files[::order])
    assert taken.pages == {address(1): PAGE, address(2): PAGE, address(3): OTHER}
    assert not taken.left_out.lost


def test_a_chain_of_revisits_backwards(file: Path) -> None:
    chain = [revisit(number, of=number - 1) for number in range(6, 1, -1)]
    taken = Taken(saved(file, members([*chain, record(1)])))
    assert len(taken.pages) == 6 and set(taken.pages.values()) == {PAGE}


def test_revisits_in_a_circle_and_of_themselves_dangle(file: Path) -> None:
    circle = [revisit(1, of=2), revisit(2, of=1), revisit(3, of=3)]
    taken = Taken(saved(file, members([*circle, record(4)])))
    assert list(taken.pages) == [address(4)]
    assert taken.left_out.dangling == 3 and taken.left_out.lost == {"dangling": 3}


def test_a_revisit_of_what_was_imported_before(tmp_path: Path) -> None:
    before = Taken(saved(tmp_path / "1.warc.gz", members([record(1)])))
    taken = Taken(
        saved(tmp_path / "2.warc.gz", members([revisit(2, of=1)])), known=before.exchanges
    )
    assert taken.pages == {address(2): PAGE}


@pytest.mark.parametrize("order", [1, -1])
def test_not_modified_means_the_last_capture_of_its_address(file: Path, order: int) -> None:
    dates = ["2019-01-01T00:00:00Z", "2019-02-01T00:00:00Z", "2019-05-01T00:00:00Z"]
    bodies = [PAGE, OTHER, PAGE]
    records = [
        record(number, http(body), date=date, url=address(1))
        for number, (body, date) in enumerate(zip(bodies, dates, strict=True))
    ]
    block = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
    again = record(
        9, block, kind="revisit", date="2019-04-01T00:00:00Z", url=address(1),
        more=[("WARC-Profile", NOT_MODIFIED)],
    )  # fmt: skip
    taken = Taken(saved(file, members([*records, again][::order])))
    [found] = [
        one for one in taken.exchanges if dict(one.imported)["imported-record-id"][-1] == "9"
    ]
    message = Message.parse(found.response)
    assert (message.status, message.payload) == (200, OTHER)


def test_revisits_of_what_is_no_page_are_no_loss(file: Path) -> None:
    picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"
    records = [
        revisit(2, of=1), revisit(3, of=1, block=picture), revisit(4, of=9, block=picture),
        revisit(5, of=9, block=b"HTTP/1.1 302 Found\r\n\r\n"), record(1, picture), record(6),
    ]  # fmt: skip
    taken = Taken(saved(file, members(records)))
    assert taken.left_out.reasons == {"no-page": 4, "redirect": 1}
    assert not taken.left_out.lost


def test_a_page_without_an_http_head(file: Path) -> None:
    bare = record(1, PAGE).replace(b"application/http; msgtype=response", HTML[14:])
    resource = record(2, PAGE, kind="resource").replace(
        b"application/http; msgtype=response", HTML[14:]
    )
    taken = Taken(saved(file, members([bare, resource])))
    assert taken.pages == {address(1): PAGE, address(2): PAGE}
