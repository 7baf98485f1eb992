"""Every cleaning rule says where it is from, and a page in the tests shows what it is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.errors import NotAnArticle
from archive.text.fold import fold
from scraper.cleaning import clean, rules
from scraper.cleaning.boilerplate import by_name, phrase
from scraper.cleaning.html import charset
from scraper.cleaning.html.document import Document
from scraper.cleaning.html.text_blocks import TextBlock
from tests.gold.case import GOLD

PAGES = Path(__file__).parent / "pages"
RULES = [
    (name, number, rule)
    for name in ("boilerplate/by_name", "boilerplate/by_phrase")
    for number, rule in enumerate(rules.load(name)["rule"])
]


def pages() -> Iterator[bytes]:
    """All pages that cleaning is built with; the sealed gold is none of them."""
    for folder in (PAGES, GOLD / "build"):
        for path in sorted(folder.glob("*/page.html")):
            yield path.read_bytes()


@pytest.fixture(scope="module")
def acted() -> Counter[str]:
    """How often each rule of by_phrase.toml found something on the pages."""
    seen: Counter[str] = Counter()
    says = phrase.Phrase.says

    def noting(self: phrase.Phrase, block: TextBlock, *rest: Any) -> bool:
        said = says(self, block, *rest)
        seen[self.name] += said
        return said

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrase.Phrase, "says", noting)
        for page in pages():
            try:
                clean(page, "https://khabar.example/a/")
            except NotAnArticle:
                continue
    return seen


@pytest.fixture(scope="module")
def parsed() -> list[Document]:
    return [
        Document(charset.decode(page, None)[0].replace("\0", "").encode("utf-8", "replace"))
        for page in pages()
        if page.strip()
    ]


@pytest.mark.parametrize(
    ("name", "rule"), [pytest.param(n, r, id=f"{n}-{i}-{r['name']}") for n, i, r in RULES]
)
def test_a_rule_says_what_it_is_for(name: str, rule: dict[str, Any]) -> None:
    assert len(rule.get("for", "")) > 5, rule["name"]
    texts = [
        text for key in ("tokens", "whole", "starts", "ends", "holds") for text in rule.get(key, [])
    ]
    assert texts or rule.get("pattern")
    assert [
        text
        for text, count in Counter(texts).items()
        if count > 1 and name == "boilerplate/by_name"
    ] == []


def test_every_phrase_rule_acts_on_a_page(acted: Counter[str]) -> None:
    names = {rule["name"] for name, _, rule in RULES if name == "boilerplate/by_phrase"}
    assert sorted(names - {name for name, count in acted.items() if count}) == []


def test_every_boilerplate_rule_acts_on_a_page(parsed: list[Document]) -> None:
    found = {rule for page in parsed for rule in by_name.Boilerplate(page).matched.values()}
    names = {rule["name"] for name, _, rule in RULES if name == "boilerplate/by_name"}
    assert sorted(names - {rule.name for rule in found}) == []


@pytest.mark.parametrize("selector", rules.load("content/main_content")["exact"])
def test_every_exact_content_element_is_on_a_page(parsed: list[Document], selector: str) -> None:
    assert any(page.find(selector) for page in parsed), selector


def test_a_word_of_pages_stands_in_one_list() -> None:
    lists = rules.load("boilerplate/by_phrase")["vocabulary"].values()
    words = Counter(fold(word) for lines in lists for line in lines for word in line.split())
    assert [word for word, count in words.items() if count > 1] == []
