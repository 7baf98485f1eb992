"""baygan clean: one page, many pages, lists of pages, and pages that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.process import Baygan, Outcome
from tests.test_cleaning_pages import PAGES, read_case

ARTICLES = ("jannah-seed-build", "flatsome-very-short", "amp-page")
ODD = (
    (b"", "refused", "empty"),
    (b" \r\n\t", "refused", "empty"),
    (b"\0" * 4096, "refused", "empty"),
    (bytes(range(256)) * 64, "refused", "unreadable"),
    (b"%PDF-1.7 \0\1\2", "refused", "unreadable"),
    (b"<p>" + b"salaam " * (3 << 20) + b"</p>", "refused", "unreadable"),
    (b"<html><body " + b"a=1 " * 200_000 + b"><p>salaam</p>", "refused", "unreadable"),
)


@pytest.fixture
def baygan(tmp_path: Path) -> Baygan:
    return Baygan(tmp_path)


def page(name: str) -> str:
    return str(PAGES / name / "page.html")


def objects(done: Outcome) -> list[dict[str, Any]]:
    assert "Traceback" not in done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_many_pages_become_a_line_each_in_their_order(baygan: Baygan) -> None:
    paths = [page(name) for name in ARTICLES] * 5
    done = baygan("clean", *paths)
    assert (done.code, done.err) == (0, "")
    found = objects(done)
    assert [one["path"] for one in found] == paths
    due = [read_case(name)[1]["article"]["title"] for name in ARTICLES] * 5
    assert [one["title"] for one in found] == due


def test_one_bad_page_stops_nothing(baygan: Baygan, tmp_path: Path) -> None:
    odd = []
    for number, (content, _, _) in enumerate(ODD):
        path = tmp_path / f"odd-{number}.html"
        path.write_bytes(content)
        odd.append(str(path))
    missing, folder = str(tmp_path / "missing.html"), str(tmp_path)
    done = baygan("clean", *odd, page("list-home"), missing, folder, page(ARTICLES[0]))
    assert done.code == 3
    *others, article = objects(done)
    assert article["title"] == read_case(ARTICLES[0])[1]["article"]["title"]
    told = [(kind, one[kind]) for one in others for kind in ("refused", "failed") if kind in one]
    unread = ("failed", "unreadable-file")
    assert told == [*((kind, why) for _, kind, why in ODD), ("refused", "list"), unread, unread]
    assert all(one["detail"] for one in others)


def test_none_of_the_pages_is_an_article(baygan: Baygan) -> None:
    done = baygan("clean", "--jsonl", page("list-home"))
    assert (done.code, done.err) == (1, "")
    assert [one["refused"] for one in objects(done)] == ["list"]


def test_a_list_gives_pages_their_addresses(baygan: Baygan) -> None:
    url = "https://khabar.example/1402/10/20/x/"
    plain = page("date-from-address")
    told = json.dumps({"path": plain, "url": url}, ensure_ascii=False)
    done = baygan("clean", "--list", "-", stdin=f"{plain}\n\n{told}\n".encode())
    without, with_address = objects(done)
    assert (without["published"], with_address["published_jalali"]) == (None, "1402-10-20")
    assert done.code == 0


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("--list", "-"), b'{"url": "https://khabar.example/"}', "line 1: no page in it"),
        (("--list", "-"), b"{broken", "line 1: no page in it"),
        (("--list", "-", "a.html"), b"", "not both"),
        (("--url", "https://khabar.example/", "a.html", "b.html"), b"", "speaks of one page"),
        (("no-such-file",), b"", "No such file"),
        (("/",), b"", "Is a directory"),
    ],
)
def test_wrong_use_is_told(
    baygan: Baygan, arguments: tuple[str, ...], stdin: bytes, words: str
) -> None:
    done = baygan("clean", *arguments, stdin=stdin)
    assert (done.code, done.out) == (2, "")
    assert words in done.err and "Traceback" not in done.err


# A whole page is too long for a test's name, which stands in the environment.
@pytest.mark.parametrize("content", [content for content, _, _ in ODD], ids=range(len(ODD)))
def test_odd_input_has_a_reason(baygan: Baygan, content: bytes) -> None:
    done = baygan("clean", stdin=content)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: no article on this page: ")


def test_the_same_page_gives_the_same_line(baygan: Baygan) -> None:
    one, other = (baygan("clean", "--jsonl", page(ARTICLES[0])).out for _ in range(2))
    assert one == other
