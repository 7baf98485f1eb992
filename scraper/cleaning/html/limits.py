"""Refuses bytes that are no HTML, or that would cost the parser minutes or gigabytes.

A tag with very many attributes is one example (archive.text.markup).
"""

from __future__ import annotations

import re

from archive.errors import NotAnArticle
from archive.outcomes import Reason
from archive.text.markup import LADEN_TAG, MAX_ATTRIBUTES
from scraper.cleaning.html import control_characters

# In bytes; a word is what has no white space in it.
MAX_PAGE = 16 * 1024 * 1024
MAX_WORD = 5 * 1024 * 1024
MAX_TAGS = 500_000
_LONG_WORD = re.compile(rb"\S{%d}" % MAX_WORD)
_TAG = re.compile(rb"<[a-zA-Z!/?]")
# Signatures of files that are served as pages by mistake.
_FILES = (
    b"%PDF-", b"%!PS", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"PK\x03\x04",
    b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!",
)  # fmt: skip
# XML of other kinds; XHTML begins with its declaration, too.
_OTHER_XML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,500}>\s*)?(?:<!DOCTYPE svg[^>]{0,500}>\s*)?"
    rb"<(?:svg|rss|feed|urlset|sitemapindex|rdf:RDF)[\s>]"
)
_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]\d])")
_DOCUMENT = re.compile(rb"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
# Control characters that no text has; NUL is dropped before (charset.py). Of random bytes, read as
# windows-1256, every fifteenth is one.
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r")
_SAMPLE = 64 * 1024
_MOST_CONTROL = 0.02


def check(html: bytes) -> None:
    """Raise `NotAnArticle` for a page that should not be parsed; `html` is the page in UTF-8.

    The reason is `Reason.EMPTY` if it is nothing but white space. It is `Reason.UNREADABLE` if it
    is no HTML, too large, or has too many tags, a word that is too long or a tag with too many
    attributes.
    """
    if not html or html.isspace():
        raise NotAnArticle(Reason.EMPTY, "no bytes")
    if len(html) > MAX_PAGE:
        raise NotAnArticle(Reason.UNREADABLE, f"{len(html)} bytes, more than {MAX_PAGE}")
    if not _TAG.search(html):
        raise NotAnArticle(Reason.UNREADABLE, "no HTML tag in it")
    sample = html[:_SAMPLE]
    if control_characters.are_in(sample) and (
        len(sample) - len(sample.translate(None, _CONTROL)) > _MOST_CONTROL * len(sample)
    ):
        raise NotAnArticle(Reason.UNREADABLE, "not HTML but binary data")
    if _OTHER_XML.match(html) or (_JSON.match(html) and not _DOCUMENT.search(html)):
        raise NotAnArticle(Reason.UNREADABLE, "not HTML but XML or JSON of another kind")
    if len(html) > MAX_TAGS and html.count(b"<") > MAX_TAGS:
        raise NotAnArticle(Reason.UNREADABLE, f"more than {MAX_TAGS} tags")
    if len(html) > MAX_WORD and _LONG_WORD.search(html):
        raise NotAnArticle(Reason.UNREADABLE, f"a word of more than {MAX_WORD} bytes")
    if LADEN_TAG.search(html):
        raise NotAnArticle(Reason.UNREADABLE, f"a tag with more than {MAX_ATTRIBUTES} attributes")


def check_file(raw: bytes) -> None:
    """Raise `NotAnArticle(Reason.UNREADABLE)` for a file of another kind, such as a PDF or an
    image, and for one that is too large; `raw` are the bytes as they were served."""
    if raw.startswith(_FILES):
        raise NotAnArticle(Reason.UNREADABLE, "not HTML but a binary file")
    if len(raw) > MAX_PAGE:
        raise NotAnArticle(Reason.UNREADABLE, f"{len(raw)} bytes, more than {MAX_PAGE}")
