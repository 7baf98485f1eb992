"""A citation as BibTeX, as CSL-JSON and as a sentence.

Names stay as they are displayed: which part of «سید محمد حسینی نژاد» is the family name, no page
tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from archive.citation.citation import Citation
from archive.http.urls import ascii_uri

_TEX = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces, also behind a backslash: one alone would open the rest of the file.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "#$%&_"},
}
# biblatex's names of the languages that articles are mostly in.
_LANGUAGES = {"fa": "persian", "ar": "arabic", "en": "english", "tr": "turkish", "fr": "french"}


def bibtex(citation: Citation) -> str:
    """An entry for BibTeX and biblatex, in UTF-8. Title and names are in braces of their own: they
    are neither taken apart nor put in lower case."""
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in citation.authors),
        "title": f"{{{_tex(citation.title)}}}" if citation.title else "",
        "howpublished": _tex(citation.site),
        "date": str(citation.issued or ""),
        "year": f"{citation.issued.year:04}" if citation.issued else "",
        "month": f"{citation.issued.month}" if citation.issued else "",
        "url": _address(citation.url),
        "urldate": f"{citation.captured:%Y-%m-%d}",
        "langid": _LANGUAGES.get((citation.language or "").partition("-")[0], ""),
        "note": _tex(_note(citation)),
    }
    told = [f"  {name:12} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation.key},", *told, "}"])


def csl(citation: Citation) -> str:
    """A list of one item, as citation processors and Zotero read it (CSL-JSON 1.0)."""
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "article-newspaper",
        "title": citation.title,
        "author": [{"literal": name} for name in citation.authors],
        "container-title": citation.site,
        "issued": _parts(citation.issued),
        "accessed": _parts(citation.captured.date()),
        "URL": ascii_uri(citation.url),
        "language": citation.language,
        "archive": citation.archive,
        "archive_location": citation.pwid or citation.record_id,
        "note": _note(citation),
    }
    told = {name: value for name, value in item.items() if value}
    return json.dumps([told], ensure_ascii=False, indent=2)


def sentence(citation: Citation) -> str:
    """One line for a footnote."""
    when = str(citation.issued) if citation.issued else "without a date"
    if citation.jalali:
        when += f" ({citation.jalali})"
    parts = [
        "، ".join(citation.authors),
        f"«{citation.title}»" if citation.title else "",
        f"{citation.site}, {when}",
        citation.url,
        citation.evidence[:1].upper() + citation.evidence[1:],
    ]
    return ". ".join(part for part in parts if part) + "."


FORMS: dict[str, Callable[[Citation], str]] = {"bibtex": bibtex, "csl": csl, "text": sentence}
"""The forms by the names that a person types."""


def _note(citation: Citation) -> str:
    jalali = f"published {citation.jalali} (Jalali calendar), " if citation.jalali else ""
    return f"{jalali}version {citation.version}, {citation.evidence}"


def _parts(day: date | None) -> dict[str, Any] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _address(url: str) -> str:
    """`url` without what BibTeX would take for its own; LaTeX's url package takes the rest."""
    escapes = {"{": "%7B", "}": "%7D", "\\": "%5C"}
    return "".join(escapes.get(letter, letter) for letter in ascii_uri(url))
