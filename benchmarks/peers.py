"""Baygan and its peers behind one door: a page's bytes in, what was found out.

Peers come with `pip install baygan[bench]`; one that is not installed is named, not guessed.
Each is set as its own documents advise for Persian pages and for precision's sake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import lxml.html

from archive.errors import NotAnArticle
from archive.model import Hints
from scraper.cleaning import clean

TEHRAN = ZoneInfo("Asia/Tehran")


@dataclass(frozen=True)
class Found:
    """What an extractor made of a page; an empty `text` is a refusal."""

    text: str
    title: str | None = None
    day: date | None = None


Extract = Callable[[bytes, str, Hints], Found]


def forget() -> None:
    """Empty the caches that trafilatura keeps, which one extractor would warm for the next."""
    import_module("trafilatura.meta").reset_caches()


def baygan() -> Extract:
    def extract(page: bytes, url: str, hints: Hints) -> Found:
        try:
            article = clean(page, url, hints)
        except NotAnArticle:
            return Found("")
        return Found(article.text, article.title, _day(article.published))

    return extract


def trafilatura(**options: bool) -> Extract:
    bare = import_module("trafilatura").bare_extraction

    def extract(page: bytes, url: str, hints: Hints) -> Found:
        document = bare(page, url=url, with_metadata=True, **options)
        if document is None:
            return Found("")
        return Found(document.text or "", document.title, _day(document.date))

    return extract


def newspaper4k() -> Extract:
    newspaper = import_module("newspaper")

    def extract(page: bytes, url: str, hints: Hints) -> Found:
        article = newspaper.Article(url, language="fa", fetch_images=False)
        article.download(input_html=page.decode())
        article.parse()
        return Found(article.text, article.title, _day(article.publish_date))

    return extract


def readability() -> Extract:
    document = import_module("readability").Document

    def extract(page: bytes, url: str, hints: Hints) -> Found:
        found = document(page.decode(), url=url)
        lines = lxml.html.fromstring(found.summary()).itertext()
        return Found("\n".join(map(str, lines)).strip(), found.short_title())

    return extract


def goose3() -> Extract:
    settings = {"target_language": "fa", "use_meta_language": False, "enable_image_fetching": False}
    goose = import_module("goose3").Goose(settings)

    def extract(page: bytes, url: str, hints: Hints) -> Found:
        article = goose.extract(raw_html=page.decode())
        return Found(article.cleaned_text, article.title, _day(article.publish_datetime_utc))

    return extract


def justext() -> Extract:
    module = import_module("justext")
    words = module.get_stoplist("Persian")

    def extract(page: bytes, url: str, hints: Hints) -> Found:
        paragraphs = module.justext(page, words)
        return Found("\n\n".join(p.text for p in paragraphs if not p.is_boilerplate))

    return extract


def resiliparse() -> Extract:
    to_text = import_module("resiliparse.extract.html2text").extract_plain_text
    tree = import_module("resiliparse.parse.html").HTMLTree

    def extract(page: bytes, url: str, hints: Hints) -> Found:
        parsed = tree.parse(page.decode())
        return Found(to_text(parsed, main_content=True, alt_texts=False), parsed.title)

    return extract


def boilerpy3() -> Extract:
    extractor = import_module("boilerpy3.extractors").ArticleExtractor(raise_on_failure=False)

    def extract(page: bytes, url: str, hints: Hints) -> Found:
        document = extractor.get_doc(page.decode())
        return Found(document.content, document.title)

    return extract


PEERS: dict[str, Callable[[], Extract]] = {
    "baygan": baygan,
    "trafilatura": trafilatura,
    "trafilatura, no comments": lambda: trafilatura(include_comments=False),
    "newspaper4k": newspaper4k,
    "readability-lxml": readability,
    "goose3": goose3,
    "jusText": justext,
    "resiliparse": resiliparse,
    "boilerpy3": boilerpy3,
}


def _day(moment: datetime | str | None) -> date | None:
    """The day meant: an instant's in Tehran, a bare date's as it stands."""
    if not moment:
        return None
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return (moment.astimezone(TEHRAN) if moment.tzinfo else moment).date()
