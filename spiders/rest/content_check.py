"""Finds silent edits: compares what WordPress shows for a post now with the archived page.

No listing shows an edit by SQL, or by a plugin that does not change `modified`. The rendered
content of a hundred posts costs one request. It does not have what the theme puts around it and
what plugins add to the page, so whole paragraphs are compared in both directions:

    every paragraph of the content     must be on the archived page
    every paragraph of the article     must be in the content, if it was on the page

A post that does not agree is fetched again. It becomes a version only if its clean text differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from lxml import etree, html

from archive.errors import BayganError, Damaged
from archive.index.listed_post import ListedPost
from archive.jsonl.article_line import ArticleLine, article_id
from archive.outcomes import Flag
from archive.text.fold import fold
from archive.warc.reader import read_record
from spiders.site_run import RunWriter
from spiders.sources.steps import Beside

_BLOCKS = (
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
)  # fmt: skip
_UNSEEN = ("script", "style", "noscript", "template")
# If more than this share of the posts differs, it was a plugin or a theme, and not editors.
SHARE = 0.1
FEW = 50


class ComparedPost(NamedTuple):
    """A post with its content, and the line of its article if that is to be compared, too."""

    post: ListedPost
    line: ArticleLine | None


class Told(NamedTuple):
    """The digest of a post's content, and whether its archived page agrees with it."""

    digest: str
    agrees: bool


# What cannot be compared within its limits is fetched: then its page tells.
_NOT_TOLD = Told("", False)


class ContentCheck:
    """Compares the contents of `post_type` with what `writer`'s archive holds; the work is done
    `beside` the loop."""

    def __init__(self, writer: RunWriter, post_type: str, beside: Beside) -> None:
        self._writer = writer
        self._post_type = post_type
        self._beside = beside
        self._agreed = writer.index.agreed(post_type)
        self._compared: set[int] = set()
        self._unshown: set[int] = set()
        self._suspects: dict[int, str] = {}

    async def compare(self, posts: list[ListedPost]) -> None:
        """Compare the posts that are kept; of those that agree the digest is stored."""
        asked = []
        for post in posts:
            if post.post_id not in self._agreed:
                continue
            if post.content is None:
                self._unshown.add(post.post_id)
                continue
            self._compared.add(post.post_id)
            # With an older digest the difference is sure; else compare with the archived page.
            line = None if self._agreed[post.post_id] else self._newest(post)
            asked.append((post.post_id, ComparedPost(post, line)))
        agreeing = {}
        told = await self._told([one for _, one in asked]) if asked else []
        for (number, _), (digest, agrees) in zip(asked, told, strict=True):
            before = self._agreed[number]
            if digest and before == digest:
                continue
            if not before and agrees:
                agreeing[number] = digest
            else:
                self._suspects[number] = digest
        self._writer.index.agree(self._post_type, agreeing)

    async def _told(self, asked: list[ComparedPost]) -> list[Told]:
        """What `told_by` gives. Where one post hinders the others each is compared by itself."""
        try:
            return await self._beside(told_by, self._writer.folder.path, asked)
        except BayganError:
            if len(asked) == 1:
                return [_NOT_TOLD]
        return [one for part in asked for one in await self._told([part])]

    def finish(self) -> str | None:
        """Make the posts that differ due again. Return the problem to report if they are too many
        to be believed."""
        index = self._writer.index
        if len(self._suspects) > max(FEW, SHARE * len(self._compared)):
            index.agree(self._post_type, self._suspects)
            return (
                f"the content of {len(self._suspects)} of {len(self._compared)} posts"
                f" ({self._post_type}) is not as archived: too many for silent edits, so a plugin"
                " or a theme will have changed. None was fetched again; the next comparison is"
                " with what was seen in this run."
            )
        for number in self._suspects:
            index.doubt(self._post_type, number)
        if unshown := self._unshown - self._compared:
            return (
                f"REST lists {len(unshown)} posts ({self._post_type}) without their content;"
                " they were not compared with what is archived."
            )
        return None

    def _newest(self, post: ListedPost) -> ArticleLine | None:
        key = article_id(self._writer.site.name, self._post_type, post.post_id, post.url)
        versions = self._writer.folder.versions(key)
        return versions[-1] if versions else None


def told_by(site_folder: Path, asked: Sequence[ComparedPost]) -> list[Told]:
    """Compare posts with their archived pages; in a child."""
    return [Told(digest_of(post), _agrees(site_folder, post, line)) for post, line in asked]


def _agrees(site_folder: Path, post: ListedPost, line: ArticleLine | None) -> bool:
    if line is None:
        return True
    try:
        places = [line["warc"], *line["warc"].get("further", ())]
        pages = [read_record(site_folder, place).page() for place in places]
    except Damaged:
        return True  # the site has not changed; `check` reports the damage
    return agree(post, line, [page.decode("utf-8", "replace") for page in pages])


def agree(post: ListedPost, line: ArticleLine, pages: Sequence[str]) -> bool:
    """Whether the content of `post` in the listing agrees with its `pages` and its line."""
    shown = _squeezed("".join(part for page in pages for part in _paragraphs(page)))
    kept = _squeezed(line["text"])
    content = [_squeezed(paragraph) for paragraph in _paragraphs(post.content or "")]
    if Flag.SEVERAL_PAGES not in line["flags"]:
        parts = [*content, _squeezed(post.title or "")]
        if not all(part in shown or part in kept for part in parts):
            return False
    listed = "".join(content) + "".join(map(_squeezed, _paragraphs(post.excerpt or "")))
    # The lead may come from a field of its own.
    article = (_squeezed(part) for part in line["text"].split("\n") if part != line["lead"])
    return all(part in listed or part not in shown for part in article)


def digest_of(post: ListedPost) -> str:
    """SHA-256 of a post's title and rendered content, both folded."""
    words = [post.title or "", *_paragraphs(post.content or "")]
    return hashlib.sha256(fold("\n".join(words)).encode()).hexdigest()


def _paragraphs(markup: str) -> Iterator[str]:
    """The text of HTML as a reader sees it, split at every block element."""
    if not markup.strip():
        return
    try:
        root = html.fromstring(f"<div>{markup}</div>" if "<html" not in markup[:1000] else markup)
    except (etree.ParserError, ValueError):
        return
    etree.strip_elements(root, *_UNSEEN, etree.Comment, with_tail=False)
    for block in root.iter(*_BLOCKS):
        block.text = f"\n{block.text or ''}"
        block.tail = f"\n{block.tail or ''}"
    text = "".join(str(piece) for piece in root.itertext())
    yield from (line for line in text.split("\n") if line.strip())


def _squeezed(text: str) -> str:
    """`text` folded and without blanks, so that the places of tags make no difference."""
    return fold(text).replace(" ", "")
