"""Every folder under tests/pages is a case: a page as it came, and what must come of it.

    tests/pages/NAME/page.html      the bytes a server sent
    tests/pages/NAME/article.json   `url`, perhaps `hints`, and `article` or `refused`
    tests/pages/NAME/junk.txt       strings that must not appear in the text, one a line

`article` names only the fields the case is about; `paragraphs` is the text cut at blank lines.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.errors import NotAnArticle
from archive.model import Article, Hints
from scraper.cleaning import clean

PAGES = Path(__file__).parent / "pages"
CASES = sorted(folder.name for folder in PAGES.iterdir())


def read_case(name: str) -> tuple[bytes, dict[str, Any]]:
    folder = PAGES / name
    return (folder / "page.html").read_bytes(), json.loads((folder / "article.json").read_text())


def run(name: str) -> Article:
    page, case = read_case(name)
    return clean(page, case["url"], hints_of(case.get("hints", {})))


def hints_of(values: dict[str, Any]) -> Hints:
    given = dict(values)
    for key in ("published", "modified", "captured"):
        if key in given:
            given[key] = datetime.fromisoformat(given[key])
    if "remove" in given:
        given["remove"] = tuple(given["remove"])
    return Hints(**given)


def plain(article: Article, key: str) -> object:
    """A field in the spelling of article.json."""
    if key == "paragraphs":
        return [part for part in article.text.split("\n\n") if part]
    value = getattr(article, key)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if key == "image" and value is not None:
        return {"url": value.url, "caption": value.caption}
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", CASES)
def test_page_becomes_what_its_folder_says(name: str) -> None:
    _, case = read_case(name)
    if "refused" in case:
        with pytest.raises(NotAnArticle) as caught:
            run(name)
        assert caught.value.reason == case["refused"]
        return
    article = run(name)
    assert {key: plain(article, key) for key in case["article"]} == case["article"]


@pytest.mark.parametrize("name", [name for name in CASES if (PAGES / name / "junk.txt").exists()])
def test_no_boilerplate_in_the_text(name: str) -> None:
    text = run(name).text
    junk = (PAGES / name / "junk.txt").read_text().splitlines()
    assert [string for string in junk if string in text] == []


def test_same_bytes_give_the_same_article() -> None:
    assert run("jannah-seed-build") == run("jannah-seed-build")
