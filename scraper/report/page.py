"""The facts of a report as a page of HTML, made by jinja2, which is the extra `baygan[report]`.

What comes from sites is escaped by jinja2, cut, and put on one line without control characters. The
page asks for nothing: a policy in its head (Content Security Policy, Level 3) allows its own styles
and its empty icon, and neither scripts nor frames, forms or addresses elsewhere.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from archive.errors import UsageError
from archive.version import __version__
from scraper.console.terminal import safe_line
from scraper.report.facts import ReportFacts
from scraper.report.page_language import PageLanguage
from scraper.report.shortened import Shortened

MOST_BYTES = 2_000_000
"""A page is never larger: all lists and texts in it are cut."""
_MOST_SITES = _MOST_RULES = 40
_MOST_LANGUAGES = 20
_LONGEST_ADDRESS = 1000
_BLANKS = re.compile(r"\s+")


def report_page(facts: ReportFacts, language: PageLanguage, chosen: tuple[str, ...]) -> str:
    """The page. `chosen` are the options that selected its articles, as they were typed.

    UsageError without jinja2."""
    jinja2 = need_jinja2()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "line": _line,
        "spaced": _spaced,
        "address": _address,
        "number": language.number,
        "day": language.day,
        "month": language.month,
        "moment": language.moment,
        "named": language.named,
    }
    page: str = environment.get_template("report.html").render(
        facts=facts,
        language=language,
        words=language.words,
        chosen=chosen,
        version=__version__,
        **_lists(facts),
    )
    return page


def need_jinja2() -> ModuleType:
    """jinja2; UsageError if it is not installed, which says how to install it."""
    try:
        import jinja2
    except ImportError:
        raise UsageError(
            "A report needs jinja2, which is not installed here. Nothing was written. Install it"
            " into baygan's environment with: pip install 'baygan[report]' (with pipx:"
            " pipx inject baygan jinja2)"
        ) from None
    return jinja2


def _lists(facts: ReportFacts) -> dict[str, Shortened[Any]]:
    """What was counted, the greatest first."""
    sites = sorted(facts.tally.sites.items(), key=lambda site: (-site[1].lines, site[0]))
    return {
        "sites": Shortened.first(sites, _MOST_SITES),
        "rules": Shortened.first(facts.tally.makers.most_common(), _MOST_RULES),
        "languages": Shortened.first(facts.tally.languages.most_common(), _MOST_LANGUAGES),
    }


def _line(text: str, most: int) -> str:
    """`text` as one line of at most `most` characters, without control characters."""
    # Only so much of it is looked at: it may be as long as a page of a site.
    told = " ".join(safe_line(text[: 4 * most]).split())
    return f"{told[:most]}…" if len(told) > most else told


def _spaced(text: str, most: int) -> str:
    """As `_line`, for a piece of a text: blanks at its ends stay, one at each."""
    told = _BLANKS.sub(" ", safe_line(text[: 4 * most]))
    return f"{told[:most]}…" if len(told) > most else told


def _address(url: str) -> str | None:
    """`url` if a link may lead there: a page may name any address as its own."""
    try:
        held = urlsplit(url)
    except ValueError:
        return None
    fits = held.scheme in ("http", "https") and held.netloc and len(url) <= _LONGEST_ADDRESS
    return url if fits else None
